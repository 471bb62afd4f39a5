/**
 * Removes operations that only move what the next one moves again: a reshape of a reshape, a broadcast that its
 * elementwise consumer repeats anyway, a transpose of a transpose.
 *
 * Needs:  SSA.
 * Gives:  same outputs, fewer copies; what is left unused goes with `dead-code`.
 * Order:  after `gradient` (whose sums become broadcasts), before `cse`.
 */
import { broadcastShapes, type ProgramShape, sameDims } from '../5-program/dim.ts';
import { elementwiseOf } from '../5-program/op-table.ts';
import type { Instr, TensorProgram } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import type { Pass } from './pass.ts';
import { type Rewrite, type RewriteContext, rewriteProgram } from './rewrite-program.ts';

export const elideCopies: Pass = {
  name: 'elide-copies',
  run: (program: TensorProgram) => rewriteProgram(program, elide),
};

const elide: Rewrite = (instr, context) => {
  if (instr.op.kind === 'reshape') return elideReshape(instr, context);
  if (instr.op.kind === 'transpose') return elideTranspose(instr, context);
  if (instr.op.kind === 'broadcast') return elideBeforeBroadcast(instr, context);
  if (elementwiseOf(instr.op) !== null) return elideBroadcasts(instr, context);
  return null;
};

function elideReshape(instr: Instr, { definition }: RewriteContext): ValueId | Instr | null {
  const value = found(instr.args[0], 'an operand');
  const source = definition(value);
  if (sameDims(source.shape, instr.shape)) return value;
  if (source.op.kind !== 'reshape') return null;
  const original = found(source.args[0], 'an operand');
  return sameDims(definition(original).shape, instr.shape) ? original : { ...instr, args: [original] };
}

/** A number needs no shape before it is repeated. */
function elideBeforeBroadcast(instr: Instr, { definition }: RewriteContext): Instr | null {
  const source = definition(found(instr.args[0], 'an operand'));
  if (source.op.kind !== 'reshape') return null;
  const original = found(source.args[0], 'an operand');
  return definition(original).shape.length === 0 ? { ...instr, args: [original] } : null;
}

function elideTranspose(instr: Instr, { definition }: RewriteContext): ValueId | null {
  const source = definition(found(instr.args[0], 'an operand'));
  if (instr.op.kind !== 'transpose' || source.op.kind !== 'transpose') return null;
  const { perm } = instr.op;
  const inner = source.op.perm;
  return perm.every((axis, index) => inner[axis] === index) ? found(source.args[0], 'an operand') : null;
}

/** Drops the broadcast of one operand when the shapes of the operands as they were give the same result. */
function elideBroadcasts(instr: Instr, { definition }: RewriteContext): Instr | null {
  let args = instr.args;
  for (const index of args.keys()) {
    const source = definition(found(args[index], 'an operand'));
    if (source.op.kind !== 'broadcast') continue;
    const shorter = args.with(index, found(source.args[0], 'an operand'));
    const shape = shorter
      .map(value => definition(value).shape)
      .reduce<ProgramShape | null>((shapes, other) => shapes && broadcastShapes(shapes, other), []);
    if (shape !== null && sameDims(shape, instr.shape)) args = shorter;
  }
  return args === instr.args ? null : { ...instr, args };
}
