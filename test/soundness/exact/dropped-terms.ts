/**
 * Certificates with some of their rounding terms left out: mistakes that the oracle has to see. A term is known by the constant that
 * makes it: a share of a size (`γ`), a factor a little above 1 (`1 + γ`), a number of the smallest floats.
 */
import { blockOf } from '../../../compiler/5-program/operands.ts';
import type { Block, Instr, Op, TensorProgram } from '../../../compiler/5-program/tensor-program.ts';
import { type ValueId, valueId } from '../../../compiler/shared/ids.ts';
import type { Mistake } from '../certificate.ts';

type Constants = ReadonlyMap<ValueId, number>;

/** What a term is called: its sort, its role and the kind of the layer that it belongs to. Null for what is none. */
function termOf(
  { op, args, origin }: Instr,
  constants: Constants,
): { readonly name: string; readonly at: number; readonly neutral: number } | null {
  for (const [at, arg] of args.entries()) {
    const value = constants.get(arg);
    if (value === undefined) continue;
    const sort = sortOf(op.kind, value);
    if (sort === null) continue;
    // Layers are named by their kind and a number.
    const layer = origin.layer === null ? '' : ` of ${origin.layer.replace(/_?\d+$/, '')}`;
    return { name: `${sort.name}: ${origin.role}${layer}`, at, neutral: sort.neutral };
  }
  return null;
}

function sortOf(kind: Op['kind'], value: number): { readonly name: string; readonly neutral: number } | null {
  if (kind === 'mul' && value > 1 && value < 1.01) return { name: 'factor', neutral: 1 };
  if (kind === 'mul' && value > 0.5 && value < 0.51) return { name: 'factor', neutral: 0.5 };
  if (kind === 'mul' && value > 2 ** -30 && value < 0.01) return { name: 'share', neutral: 0 };
  if ((kind === 'add' || kind === 'sub') && value > 0 && value < 2 ** -100) return { name: 'underflow', neutral: 0 };
  return null;
}

const constantsOf = (program: TensorProgram): Constants =>
  new Map(
    instructionsOf(program.body).flatMap(({ op, out }) => (op.kind === 'constant' ? [[out, op.value] as const] : [])),
  );

/** Names of the terms of a program, each once. */
export function termNames(program: TensorProgram): string[] {
  const constants = constantsOf(program);
  return [...new Set(instructionsOf(program.body).flatMap(instr => termOf(instr, constants)?.name ?? []))];
}

/** The terms whose names are meant have no effect. */
export const withoutTerms = (isMeant: (name: string) => boolean): Mistake => ({
  inProgram(program) {
    const constants = constantsOf(program);
    let next = 2_000_000;
    const visit = (original: Instr): Instr[] => {
      const block = blockOf(original.op);
      const instr: Instr =
        block === null ? original : { ...original, op: { ...original.op, block: visitBlock(block) } as Op };
      const term = termOf(instr, constants);
      if (term === null || !isMeant(term.name)) return [instr];
      const out = valueId(next++);
      const neutral: Instr = { ...instr, out, op: { kind: 'constant', value: term.neutral }, args: [], shape: [] };
      return [neutral, { ...instr, args: instr.args.with(term.at, out) }];
    };
    const visitBlock = (block: Block): Block => ({ ...block, body: block.body.flatMap(visit) });
    return { ...program, body: program.body.flatMap(visit) };
  },
});

/** All instructions, those of blocks included. */
const instructionsOf = (body: readonly Instr[]): Instr[] =>
  body.flatMap(instr => [instr, ...instructionsOf(blockOf(instr.op)?.body ?? [])]);
