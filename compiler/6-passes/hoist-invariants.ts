/**
 * Loop invariants: what a chunk loop would compute again in each of its turns, though nothing of it depends on the rows of the turn,
 * is computed once, before the loop.
 *
 * It costs memory: what is hoisted lives as long as the loop. So only what takes time leaves: a copy or another view of a tensor
 * (a slice, a broadcast, a reshape) stays where it is read, unless something that leaves reads it.
 *
 * Needs:  SSA, arguments defined before use; loops stand in no loop.
 * Gives:  same outputs; every instruction of a block that takes time depends on the rows of its turn.
 * Order:  before `cse`: what has left a loop may equal what stands before it, or what has left another one.
 */
import { followsLoop, loopOf, operationOf, walkOf } from '../5-program/op-table.ts';
import { blockOf } from '../5-program/operands.ts';
import type { OpFamily } from '../5-program/operations/operation.ts';
import type { Instr, Op, TensorProgram } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import type { Pass } from './pass.ts';

export const hoistInvariants: Pass = {
  name: 'hoist-invariants',
  run(program: TensorProgram) {
    const definitions = new Map(program.body.map(instr => [instr.out, instr]));
    return { ...program, body: program.body.flatMap(instr => withoutInvariants(instr, definitions)) };
  },
};

/** The instruction, behind what leaves its block. */
function withoutInvariants(instr: Instr, definitions: Map<ValueId, Instr>): readonly Instr[] {
  const block = blockOf(instr.op);
  // What a loop that mostly does not run needs is not computed for it.
  if (block === null || loopOf(instr.op)?.turns === 0) return [instr];
  for (const inner of block.body) definitions.set(inner.out, inner);
  const shapeOf = (value: ValueId) => found(definitions.get(value), `definition of %${value}`).shape;
  // The shape of a loop is that of its results: these stay.
  const results = new Set(block.results);
  const varying = new Set<ValueId>();
  const by = loopOf(instr.op)?.by ?? null;
  for (const { op, args, out } of block.body) {
    const walk = walkOf(op, args.map(shapeOf));
    const follows = walk !== null && followsLoop(walk, by);
    if (follows || results.has(out) || args.some(value => varying.has(value))) varying.add(out);
  }
  const leaving = new Set<ValueId>();
  for (const { op, args, out } of block.body.toReversed()) {
    if (varying.has(out) || !(takesTime[operationOf(op).family] || leaving.has(out))) continue;
    for (const value of [out, ...args]) leaving.add(value);
  }
  if (leaving.size === 0) return [instr];
  const body = block.body.filter(({ out }) => !leaving.has(out));
  return [
    ...block.body.filter(({ out }) => leaving.has(out)).map(inner => inSectionOf(instr, inner)),
    { ...instr, op: { ...instr.op, block: { body, results: block.results } } as Op },
  ];
}

/** A section lies in one piece: what leaves a loop is part of the section that the loop is in. */
const inSectionOf = ({ origin: { section } }: Instr, inner: Instr): Instr => ({
  ...inner,
  origin: { ...inner.origin, section },
});

/** Whether computing it again takes time that a tensor kept in memory saves. */
const takesTime: { readonly [Family in OpFamily]: boolean } = {
  free: false,
  copy: false,
  broadcast: false,
  elementwise: true,
  reduction: true,
  gather: true,
  rows: true,
  matMul: true,
  conv2d: true,
  transposedConv2d: true,
  normsOfMaps: true,
  normsOfSlopeMaps: true,
  kernelGradient: true,
  estimate: true,
  draw: true,
  loop: true,
};
