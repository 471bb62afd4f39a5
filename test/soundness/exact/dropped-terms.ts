/** Certificates with some of their rounding terms set to zero: mistakes that the oracle has to see. */
import { blockOf, renameOperands } from '../../../compiler/5-program/operands.ts';
import type { Block, Instr, Op, TensorProgram } from '../../../compiler/5-program/tensor-program.ts';
import { type ValueId, valueId } from '../../../compiler/shared/ids.ts';
import type { Mistake } from '../certificate.ts';

/** Whoever reads a value that `isTerm` names reads its product with 0. */
export const withoutTerms = (isTerm: (instr: Instr) => boolean): Mistake => ({
  inProgram: program => withZeros(program, isTerm),
});

function withZeros(program: TensorProgram, isTerm: (instr: Instr) => boolean): TensorProgram {
  const renamed = new Map<ValueId, ValueId>();
  const rename = (value: ValueId): ValueId => renamed.get(value) ?? value;
  let next = 2_000_000;
  const visit = (original: Instr): Instr[] => {
    const own = renameOperands(original, rename);
    const block = blockOf(own.op);
    const instr: Instr = block === null ? own : { ...own, op: { ...own.op, block: visitBlock(block) } as Op };
    if (!isTerm(instr)) return [instr];
    const [zero, product] = [valueId(next++), valueId(next++)];
    const { origin, shape, out } = instr;
    renamed.set(out, product);
    return [
      instr,
      { out: zero, op: { kind: 'constant', value: 0 }, args: [], shape: [], origin },
      { out: product, op: { kind: 'mul' }, args: [out, zero], shape, origin },
    ];
  };
  const visitBlock = (block: Block): Block => {
    const body = block.body.flatMap(visit);
    return { body, results: block.results.map(rename) };
  };
  const body = program.body.flatMap(visit);
  const outputs = Object.fromEntries(Object.entries(program.outputs).map(([name, value]) => [name, rename(value)]));
  return { ...program, body, outputs };
}

/** All instructions, those of blocks included. */
export const instructionsOf = (body: readonly Instr[]): Instr[] =>
  body.flatMap(instr => [instr, ...instructionsOf(blockOf(instr.op)?.body ?? [])]);
