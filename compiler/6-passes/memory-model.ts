/**
 * Peak memory of a program: an upper bound of the bytes of all tensors alive at once, as `fixedBytes + bytesPerExample · batch`,
 * found by walking through the emitted order of allocations and of the frees that `liveness` decided. What the caller gives
 * (parameters, images, labels) is not counted.
 */
import type { ProgramShape } from '../5-program/dim.ts';
import { bytesAt, type MemorySize, nothing, sizeOfTensor, sum, times } from '../5-program/memory-size.ts';
import { isTuple, loopOf, loopResults, operationOf, sourceForm, workspaceOf } from '../5-program/op-table.ts';
import { blockOf } from '../5-program/operands.ts';
import type { Instr, TensorProgram } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import type { Liveness } from './liveness.ts';
import type { Statement } from './statements.ts';

/** Memory that values share, freed with the last of them. */
interface Buffer {
  readonly size: MemorySize;
  users: number;
}

/** `batch` decides which moment is the peak when fixed and growing parts trade places. */
export function peakMemory(program: TensorProgram, plan: Liveness, batch: number): MemorySize {
  const definitions = definitionsOf(program.body);
  const definitionOf = (value: ValueId): Instr => found(definitions.get(value), `definition of %${value}`);
  const sizeOf = (value: ValueId): MemorySize => sizeOfTensor(definitionOf(value).shape);
  let peak = nothing;
  const see = (size: MemorySize): void => {
    if (bytesAt(size, batch) > bytesAt(peak, batch)) peak = size;
  };
  let exported = nothing;
  for (const section of plan.split.sections) {
    let inside = nothing;
    walk(plan.sectionStatements.get(section.name) ?? [], exported, value => {
      // What is neither local nor another section's is a view of that.
      if (!section.imports.includes(value)) return nothing;
      const size = sizeOf(value);
      inside = sum(inside, size);
      return size;
    });
    exported = sum(exported, times(-1, inside));
    const freed = (plan.freedAfterSection.get(section.name) ?? []).map(sizeOf);
    exported = sum(exported, ...section.exports.map(sizeOf), ...freed.map(size => times(-1, size)));
  }
  return peak;

  /** What is alive at the end of the statements; `outer` is at their start. */
  function walk(
    statements: readonly Statement[],
    outer: MemorySize,
    freeOuter: (value: ValueId) => MemorySize = () => nothing,
  ): MemorySize {
    let alive = outer;
    const buffers = new Map<ValueId, Buffer>();
    const allocate = (size: MemorySize): Buffer => {
      alive = sum(alive, size);
      return { size, users: 0 };
    };
    const take = (instr: Instr): void => {
      const viewed = operationOf(instr.op).result === 'view' ? found(instr.args[0], 'an operand') : undefined;
      // A view of a value from elsewhere: counted there.
      if (viewed !== undefined && !buffers.has(viewed) && !isOutlined(viewed)) return;
      // What is outlined allocates its results, one by one.
      if (instr.op.kind === 'outlined') return;
      const buffer =
        (viewed === undefined || isOutlined(viewed) ? undefined : buffers.get(viewed)) ?? allocate(resultOf(instr));
      buffer.users++;
      buffers.set(instr.out, buffer);
    };
    const free = (value: ValueId): void => {
      const buffer = buffers.get(value);
      alive = sum(alive, times(-1, buffer === undefined ? freeOuter(value) : released(buffer)));
    };
    /** What a user of the buffer leaves behind. */
    const released = (buffer: Buffer | undefined): MemorySize =>
      buffer !== undefined && --buffer.users === 0 ? buffer.size : nothing;
    for (const { root, inlined } of statements) {
      const all = [...inlined, root];
      for (const instr of all) {
        alive = sum(alive, ...instr.args.map(printedSource));
        if (instr.op.kind === 'outlined') {
          const { lent } = instr.op;
          let freed = nothing;
          const freeHere = (value: ValueId): MemorySize => {
            // A copy shares the memory of what it is a copy of.
            if (lent.includes(value)) return nothing;
            const own = buffers.get(value);
            const size = own === undefined ? freeOuter(value) : released(own);
            freed = sum(freed, size);
            return size;
          };
          walk(plan.blockStatements.get(instr.out) ?? [], alive, freeHere);
          alive = sum(alive, times(-1, freed));
        } else if (blockOf(instr.op) !== null) walkLoop(instr, alive);
        take(instr);
      }
      // Operands may be computed in another order than they stand in the list, so all are there already.
      for (const instr of all) {
        const shapes = instr.args.map((value): ProgramShape => definitionOf(value).shape);
        see(sum(alive, workspaceOf(instr.op, shapes, instr.shape)));
      }
      if (plan.tidied.has(root.out)) for (const instr of inlined) free(instr.out);
      for (const value of plan.freedAfter.get(root.out) ?? []) free(value);
    }
    return alive;
  }

  /** The block of a loop, over what its chunks have left so far: their columns, or the sums before and after this chunk. */
  function walkLoop(instr: Instr, outer: MemorySize): void {
    const left = resultOf(instr);
    const atEnd = walk(plan.blockStatements.get(instr.out) ?? [], sum(outer, left));
    see(loopOf(instr.op)?.results === 'summed' ? sum(atEnd, left) : sum(outer, left, left));
  }

  /** What an instruction leaves; a loop with several results all that its items take apart. */
  function resultOf(instr: Instr): MemorySize {
    const loop = isTuple(instr.op) ? loopOf(instr.op) : null;
    if (loop === null) return sizeOfTensor(instr.shape);
    const ofTurn = (blockOf(instr.op)?.results ?? []).map(value => definitionOf(value).shape);
    return sum(...loopResults(loop, ofTurn).map(sizeOfTensor));
  }

  function isOutlined(value: ValueId): boolean {
    return definitionOf(value).op.kind === 'outlined';
  }

  /** Numbers and lists are made anew wherever they are read. */
  function printedSource(value: ValueId): MemorySize {
    const { op, shape } = definitionOf(value);
    const form = sourceForm(op);
    return form === 'number' || form === 'list' ? sizeOfTensor(shape) : nothing;
  }
}

function definitionsOf(body: readonly Instr[]): Map<ValueId, Instr> {
  return new Map(body.flatMap(instr => [[instr.out, instr] as const, ...definitionsOf(blockOf(instr.op)?.body ?? [])]));
}
