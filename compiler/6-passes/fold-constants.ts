/**
 * Constant folding: arithmetic between numbers is done here, and a number that changes nothing (`x · 1`, `x + 0`) goes.
 *
 * Needs:  SSA.
 * Gives:  no arithmetic between constants only; same outputs, up to the sign of a zero.
 * Order:  after `gradient`, which starts from the number 1.
 */

import { sameDims } from '../5-program/dim.ts';
import type { BinaryKind, Instr, OpKind, TensorProgram, UnaryKind } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import type { Pass } from './pass.ts';
import { type Rewrite, rewriteProgram } from './rewrite-program.ts';

const unaryOf: { readonly [Kind in UnaryKind]: (x: number) => number } = {
  neg: x => -x,
  abs: Math.abs,
  relu: x => Math.max(0, x),
  step: x => (x > 0 ? 1 : 0),
  sign: Math.sign,
  sqrt: Math.sqrt,
  square: x => x * x,
  exp: Math.exp,
  log: Math.log,
};

const binaryOf: { readonly [Kind in BinaryKind]: (x: number, y: number) => number } = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  maximum: Math.max,
  minimum: Math.min,
};

/** The operand on the other side of a number that changes nothing: 0 or 1 as second operand, or as first of a symmetric operation. */
const neutral: Partial<Record<OpKind, { readonly value: number; readonly symmetric: boolean }>> = {
  add: { value: 0, symmetric: true },
  sub: { value: 0, symmetric: false },
  mul: { value: 1, symmetric: true },
  div: { value: 1, symmetric: false },
};

export const foldConstants: Pass = {
  name: 'fold-constants',
  run: (program: TensorProgram) => rewriteProgram(program, fold),
};

const fold: Rewrite = (instr, { definition, constant }) => {
  const values = instr.args.map(arg => numberOf(definition(arg)));
  const [x = null, y = null] = values;
  if (instr.op.kind in unaryOf && x !== null) return constant(unaryOf[instr.op.kind as UnaryKind](x));
  if (!(instr.op.kind in binaryOf)) return null;
  if (x !== null && y !== null) return constant(binaryOf[instr.op.kind as BinaryKind](x, y));
  return withoutNeutral(instr, x, y, definition);
};

function withoutNeutral(
  instr: Instr,
  x: number | null,
  y: number | null,
  definition: (value: ValueId) => Instr,
): ValueId | null {
  const rule = neutral[instr.op.kind];
  if (rule === undefined) return null;
  const keep = (index: number): ValueId | null => {
    const value = found(instr.args[index], 'an operand');
    return sameDims(definition(value).shape, instr.shape) ? value : null;
  };
  if (y === rule.value) return keep(0);
  return rule.symmetric && x === rule.value ? keep(1) : null;
}

const numberOf = ({ op }: Instr): number | null => (op.kind === 'constant' ? op.value : null);
