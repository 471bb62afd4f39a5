/** Random programs that can be split into functions: contiguous sections instead of random ones. */
import fc from 'fast-check';
import { blockOf } from '../../compiler/5-program/operands.ts';
import type { Instr, OpKind, TensorProgram } from '../../compiler/5-program/tensor-program.ts';
import { randomProgram } from './random-program.ts';

/** Sections `part0`, `part1`, … of so many instructions each; names of layers and roles are kept. */
function withSections(program: TensorProgram, size: number): TensorProgram {
  const body = program.body.map((instr, index) => ({
    ...instr,
    origin: { ...instr.origin, section: `part${Math.floor(index / size)}` },
  }));
  return { ...program, body };
}

export const sectionedProgram: fc.Arbitrary<TensorProgram> = fc
  .tuple(randomProgram, fc.integer({ min: 1, max: 20 }))
  .map(([program, size]) => withSections(program, size));

const all = (body: readonly Instr[]): Instr[] => body.flatMap(instr => [instr, ...all(blockOf(instr.op)?.body ?? [])]);

export const uses = (program: TensorProgram, kinds: readonly OpKind[]): boolean =>
  all(program.body).some(({ op }) => kinds.includes(op.kind));
