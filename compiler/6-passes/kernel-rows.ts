/**
 * The first step of a row's walk on its window: unit rows pulled back through a convolution are the entries of its kernel, in another order. As
 * a view of a parameter they are made once for all calls with the same ones.
 *
 * Needs:  SSA.
 * Gives:  same outputs; what is left unused goes with `dead-code`.
 * Order:  before `hoist-invariants`, which moves what stands in a loop.
 */

import type { Instr, TensorProgram } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import type { Pass } from './pass.ts';
import { type RewriteContext, rewriteProgram } from './rewrite-program.ts';

export const kernelRows: Pass = {
  name: 'kernel-rows',
  run: (program: TensorProgram) => rewriteProgram(program, viewOfKernel),
};

function viewOfKernel(instr: Instr, { definition }: RewriteContext): Instr | null {
  if (instr.op.kind !== 'transposedConv2d') return null;
  const { inputSize, padding } = instr.op;
  const [rows, kernel] = instr.args.map(definition) as [Instr, Instr];
  const [height, width, , filters] = kernel.shape;
  const isOneWindow = inputSize[0] === height && inputSize[1] === width && padding.every(pad => pad === 0);
  if (!isOneWindow || rows.op.kind !== 'reshape') return null;
  const [, high, wide] = rows.shape;
  const unit = definition(found(rows.args[0], 'an operand'));
  if (unit.op.kind !== 'unitRows' || high !== 1 || wide !== 1) return null;
  // Not those of a chunk, which begin anywhere.
  if (unit.op.rows !== unit.op.size || unit.op.size !== filters) return null;
  return { ...instr, op: { kind: 'transpose', perm: [3, 0, 1, 2] }, args: [kernel.out] };
}
