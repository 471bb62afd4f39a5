import * as tf from '@tensorflow/tfjs-core';
import type { ScheduleMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import { printBytes } from '../report/print-bytes.ts';

/** Share of the free memory that tensors may take: the rest is for allocators and the garbage collector. */
const tensorShare = 0.7;
/** On TensorFlow as much again lies in the copies that its convolutions make of their operands, in the order they like (docs/speed.md). */
const tensorShareOfTensorFlow = 0.5;

export interface MemoryBudget {
  /** Bytes that the whole process may take. */
  readonly memory: number;
  /** Bytes that it takes already: program, weights, data. */
  readonly resident: number;
  /** What the caller calls the memory. */
  readonly option?: string;
}

/**
 * The largest batch, at most `cap`, whose tensors fit on the current backend. One example at a time is the least; raises `InputError` when the
 * tensors of that alone exceed the memory.
 */
export function chooseBatch(schedule: ScheduleMeta, budget: MemoryBudget, cap: number): number {
  const { memory, resident, option = '--memory' } = budget;
  const single = schedule.fixedBytes + schedule.bytesPerExample;
  if (single > memory) {
    throw new InputError(
      `one example needs ${printBytes(single)} of tensors, more than the ${printBytes(memory)} of ${option}; give it more`,
    );
  }
  const share = tf.getBackend() === 'tensorflow' ? tensorShareOfTensorFlow : tensorShare;
  const free = share * (memory - resident) - schedule.fixedBytes;
  return Math.max(1, Math.min(cap, Math.floor(free / schedule.bytesPerExample)));
}
