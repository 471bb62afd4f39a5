/** The driver of the passes that replace single instructions by earlier values or by cheaper instructions. */
import { createBuilder } from '../5-program/builder.ts';
import { opKey } from '../5-program/op-key.ts';
import { isSource } from '../5-program/op-table.ts';
import { blockOf, renameOperands } from '../5-program/operands.ts';
import type { Instr, Op, TensorProgram } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import { type ValueId, valueId } from '../shared/ids.ts';
import { mapRecord } from '../shared/map-record.ts';

export interface RewriteContext {
  /** The instruction that defines a value, as it stands after earlier rewrites. */
  readonly definition: (value: ValueId) => Instr;
  readonly constant: (value: number) => ValueId;
}

/** What takes the instruction's place: an earlier value, another instruction with the same result, or null for no change. */
export type Rewrite = (instr: Instr, context: RewriteContext) => ValueId | Instr | null;

/** First to last, blocks included; ids of what stays are kept. */
export function rewriteProgram(program: TensorProgram, rewrite: Rewrite): TensorProgram {
  const constants = headConstants(program);
  const added: Instr[] = [];
  const definitions = new Map<ValueId, Instr>();
  const renamed = new Map<ValueId, ValueId>();
  const rename = (value: ValueId): ValueId => renamed.get(value) ?? value;
  let next = highestId(program.body) + 1;
  const context: RewriteContext = {
    definition: value => found(definitions.get(value), `definition of %${value}`),
    constant(value) {
      const key = opKey({ kind: 'constant', value });
      const known = constants.get(key);
      if (known !== undefined) return known;
      const instr = makeConstant(value, valueId(next++));
      added.push(instr);
      definitions.set(instr.out, instr);
      constants.set(key, instr.out);
      return instr.out;
    },
  };
  const visit = (body: readonly Instr[]): Instr[] =>
    body.flatMap(original => {
      const current = withVisitedBlock(renameOperands(original, rename));
      const replacement = rewrite(current, context);
      if (typeof replacement === 'number') {
        renamed.set(current.out, replacement);
        return [];
      }
      const instr = replacement ?? current;
      definitions.set(instr.out, instr);
      return [instr];
    });
  const withVisitedBlock = (instr: Instr): Instr => {
    const block = blockOf(instr.op);
    if (block === null) return instr;
    const body = visit(block.body);
    return { ...instr, op: { ...instr.op, block: { body, results: block.results.map(rename) } } as Op };
  };
  const body = visit(program.body);
  return { ...program, body: [...added, ...body], outputs: mapRecord(program.outputs, rename) };
}

/** Constants among the sources at the program's head, by their key. Only these are visible everywhere. */
function headConstants({ body }: TensorProgram): Map<string, ValueId> {
  const end = body.findIndex(({ op }) => !isSource(op));
  const head = end < 0 ? body : body.slice(0, end);
  return new Map(head.flatMap(({ op, out }) => (op.kind === 'constant' ? [[opKey(op), out] as const] : [])));
}

function makeConstant(value: number, out: ValueId): Instr {
  const builder = createBuilder();
  builder.constant(value);
  return { ...found(builder.finish('constant', {}).body[0], 'a constant'), out };
}

function highestId(body: readonly Instr[]): number {
  return body.reduce((highest, instr) => Math.max(highest, instr.out, highestId(blockOf(instr.op)?.body ?? [])), -1);
}
