/** Inputs for a tensor program, found by looking through it: normal numbers, integer labels, a positive radius. */
import { shapeAt } from '../../compiler/5-program/dim.ts';
import type { ProgramInputs } from '../../compiler/5-program/interpret.ts';
import { blockOf } from '../../compiler/5-program/operands.ts';
import type { Instr, OpOf, TensorProgram } from '../../compiler/5-program/tensor-program.ts';

/** A small generator of its own (mulberry32), so that a test's numbers do not depend on the runtime's. In [0, 1). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function seededNormals(seed: number, count: number): Float64Array {
  const next = seededNumbers(seed);
  return Float64Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  );
}

const instructions = (body: readonly Instr[]): Instr[] =>
  body.flatMap(instr => [instr, ...instructions(blockOf(instr.op)?.body ?? [])]);

const seedOf = (name: string, seed: number): number =>
  [...name].reduce((hash, char) => Math.imul(hash, 31) + char.charCodeAt(0), seed + 17) >>> 0;

const ofInput: { readonly [Name in OpOf<'input'>['name']]: (normal: number) => number } = {
  x: normal => normal,
  labels: normal => Math.floor(Math.abs(normal) * 10) % 4,
  epsilon: normal => Math.abs(normal) / 10,
};

/** Every input, parameter and stream of noise that the program reads; a function of the seed and their names. */
export function randomInputs(program: TensorProgram, batchSize: number, seed: number): ProgramInputs {
  const inputs: Record<string, Float64Array> = {};
  const params: Record<string, Float64Array> = {};
  for (const { op, shape } of instructions(program.body)) {
    const count = shapeAt(shape, batchSize).reduce((product, dim) => product * dim, 1);
    if (op.kind === 'param') params[op.name] = seededNormals(seedOf(op.name, seed), count);
    if (op.kind === 'input') {
      const normals = seededNormals(seedOf(op.name, seed), count);
      inputs[op.name] = normals.map(ofInput[op.name]);
    }
  }
  return { batchSize, inputs, params, noise: (stream, _, count) => seededNormals(seedOf(stream, seed), count) };
}
