/** What the adjoints of several operations need. */
import { found } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import { type ProgramShape, sameDims } from '../dim.ts';
import type { Instr } from '../tensor-program.ts';

export const operandOf = (instr: Instr, index: number): ValueId =>
  found(instr.args[index], `operand ${index} of %${instr.out}`);

/** Sums a gradient over the axes along which the operand was repeated. */
function unbroadcast(b: ProgramBuilder, gradient: ValueId, shape: ProgramShape): ValueId {
  const full = b.shapeOf(gradient);
  if (sameDims(full, shape)) return gradient;
  const offset = full.length - shape.length;
  const axes = full.flatMap((dim, axis) => (axis < offset || shape[axis - offset] !== dim ? [axis] : []));
  return b.reshape(b.sum(gradient, axes), shape);
}

export const toOperand = (b: ProgramBuilder, instr: Instr, index: number, gradient: ValueId): ValueId =>
  unbroadcast(b, gradient, b.shapeOf(operandOf(instr, index)));
