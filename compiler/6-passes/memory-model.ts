/**
 * Peak memory of a program: the bytes of all tensors alive at once, as `fixedBytes + bytesPerExample · batch`, found by
 * walking through the emitted order of allocations and of the frees that `liveness` decided. Parameters are not counted.
 */
import { linearCount, type ProgramShape } from '../5-program/dim.ts';
import { blockOf, operandsOf } from '../5-program/operands.ts';
import type { Instr, TensorProgram } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import { isAlias, type Liveness, needsTidy } from './liveness.ts';
import type { Statement } from './statements.ts';

export interface PeakMemory {
  readonly fixedBytes: number;
  readonly bytesPerExample: number;
}

const bytesPerNumber = 4;
const nothing: PeakMemory = { fixedBytes: 0, bytesPerExample: 0 };

const bytesOf = (shape: ProgramShape): PeakMemory => {
  const { fixed, perExample } = linearCount(shape);
  return { fixedBytes: fixed * bytesPerNumber, bytesPerExample: perExample * bytesPerNumber };
};
const plus = (a: PeakMemory, b: PeakMemory, times = 1): PeakMemory => ({
  fixedBytes: a.fixedBytes + times * b.fixedBytes,
  bytesPerExample: a.bytesPerExample + times * b.bytesPerExample,
});

/** `batch` decides which moment is the peak when fixed and growing parts trade places. */
export function peakMemory(program: TensorProgram, plan: Liveness, batch: number): PeakMemory {
  const shapes = new Map<ValueId, ProgramShape>();
  const noteShapes = (body: readonly Instr[]): void => {
    for (const instr of body) {
      shapes.set(instr.out, instr.shape);
      noteShapes(blockOf(instr.op)?.body ?? []);
    }
  };
  noteShapes(program.body);
  const total = (memory: PeakMemory): number => memory.fixedBytes + memory.bytesPerExample * batch;
  let peak = nothing;
  const see = (memory: PeakMemory): void => {
    if (total(memory) > total(peak)) peak = memory;
  };
  const shapeOf = (value: ValueId): ProgramShape => found(shapes.get(value), `shape of %${value}`);
  let exported = nothing;
  for (const section of plan.split.sections) {
    walk(plan.sectionStatements.get(section.name) ?? [], exported);
    exported = section.exports.reduce((sum, value) => plus(sum, bytesOf(shapeOf(value))), exported);
    exported = (plan.freedAfterSection.get(section.name) ?? []).reduce(
      (sum, value) => plus(sum, bytesOf(shapeOf(value)), -1),
      exported,
    );
  }
  return peak;

  function walk(statements: readonly Statement[], outer: PeakMemory): void {
    let alive = outer;
    // A buffer is shared by the values that alias it, and freed with the last of them.
    const bufferOf = new Map<ValueId, { readonly shape: ProgramShape; users: number }>();
    const take = (instr: Instr): void => {
      const source = isAlias(instr) ? bufferOf.get(found(instr.args[0], 'an operand')) : undefined;
      // An alias of a value from elsewhere: counted there.
      if (isAlias(instr) && source === undefined) return;
      const buffer = source ?? { shape: instr.shape, users: 0 };
      if (source === undefined) alive = plus(alive, bytesOf(instr.shape));
      buffer.users++;
      bufferOf.set(instr.out, buffer);
    };
    const free = (value: ValueId): void => {
      const buffer = bufferOf.get(value);
      if (buffer === undefined || --buffer.users > 0) return;
      alive = plus(alive, bytesOf(buffer.shape), -1);
    };
    for (const statement of statements) {
      const { root, inlined } = statement;
      for (const instr of [...inlined, root]) {
        take(instr);
        if (blockOf(instr.op) !== null) walk(plan.blockStatements.get(instr.out) ?? [], alive);
        see(plus(alive, workspace(instr)));
      }
      if (needsTidy(statement)) for (const instr of inlined) free(instr.out);
      for (const value of plan.freedAfter.get(root.out) ?? []) free(value);
    }
  }

  /** What a runtime operation allocates while it runs, beyond its result. */
  function workspace(instr: Instr): PeakMemory {
    const operands = operandsOf(instr).map(value => bytesOf(shapeOf(value)));
    switch (instr.op.kind) {
      case 'rowNorms':
        return plus(operands[0] ?? nothing, operands[0] ?? nothing);
      case 'windows':
        return operands[0] ?? nothing;
      case 'transposedConv2d':
        return bytesOf(instr.shape);
      case 'conv2dKernelGradient':
        return operands.reduce((sum, operand) => plus(sum, operand), nothing);
      case 'cauchyScale':
      case 'cauchyScaleGradient':
        return plus(operands[0] ?? nothing, operands[0] ?? nothing, 2);
      default:
        return nothing;
    }
  }
}
