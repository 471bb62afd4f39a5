/** Goes through examples in batches. A batch in which the backend breaks down is tried again in halves; the run goes on. */
import type * as tf from '@tensorflow/tfjs-core';
import { survivingTensors } from '../backend/surviving-tensors.ts';
import type { Params } from '../contract.ts';
import { nextTurn } from '../next-turn.ts';
import { keepDerived } from '../ops/keep-derived.ts';

export interface BatchLoop {
  readonly count: number;
  /** Examples at a time, at most. */
  readonly batch: number;
  /** Put on the fresh backend after a breakdown. */
  readonly params: Params;
  /** More tensors that are put there. */
  readonly alive?: readonly tf.Tensor[] | undefined;
  /** Computes and keeps what is known of some examples, in order; leaves no tensor behind. May be called again for the same ones. */
  compute(indices: Uint32Array): void | Promise<void>;
  /** Called in place of that, for an example in which the backend broke down although it was alone, twice. */
  giveUp(example: number, why: Error): void;
  /** Tried once for an example that was given up: what can be known of it without all that `compute` needs. */
  computeLess?(example: number): Promise<void>;
  /** Called after every batch. */
  onBatch?(done: number): void;
}

export async function forEachBatch({
  count,
  batch,
  params,
  alive = [],
  compute,
  giveUp,
  computeLess,
  onBatch,
}: BatchLoop): Promise<void> {
  const held = survivingTensors([...new Set([...Object.values(params), ...alive])]);
  let derived = keepDerived(params);
  const attempt = async (run: () => void | Promise<void>): Promise<Error | null> => {
    const broken = await held.attempt(run);
    if (broken === null) {
      derived.settle();
      return null;
    }
    // What was made of the parameters went down with the backend; these have other data now.
    derived.forget();
    derived = keepDerived(params);
    return broken;
  };
  try {
    await goThrough();
  } finally {
    derived.dispose();
  }

  async function goThrough(): Promise<void> {
    let size = batch;
    let start = 0;
    let retried = false;
    while (start < count) {
      const indices = Uint32Array.from({ length: Math.min(size, count - start) }, (_, i) => start + i);
      const broken = await attempt(() => compute(indices));
      if (broken !== null && indices.length > 1) {
        // Smaller ones from now on: what did not fit once will not fit in the next batch either.
        size = Math.ceil(indices.length / 2);
        continue;
      }
      if (broken !== null && !retried) {
        retried = true;
        continue;
      }
      retried = false;
      if (broken !== null) {
        giveUp(start, broken);
        if (computeLess !== undefined) await attempt(() => computeLess(start));
      }
      start += indices.length;
      onBatch?.(start);
      await nextTurn();
    }
  }
}
