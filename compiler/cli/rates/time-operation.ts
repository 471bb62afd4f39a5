/** How long an operation takes: the least of many runs, so that a busy machine does little harm. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Nanoseconds of one run on the current backend. `run` gives a tensor, which is disposed. On a GPU what counts is that it is done, not that
 * it was asked for: one number of the last result is read.
 * @param milliseconds how long to try; no run is cut off, so that a slow one takes longer
 */
export async function timeOperation(run: () => tf.Tensor, milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds;
  const took = async (turns: number): Promise<number> => {
    const began = performance.now();
    for (let turn = 1; turn < turns; turn++) tf.dispose(run());
    await finish(run());
    return performance.now() - began;
  };
  // The first run of a shape may choose and prepare what the others use. In one that takes so long this is little, and once is enough.
  const first = await took(1);
  if (first > 10 * milliseconds && milliseconds > 0) return first * 1e6;
  let [least, turns] = [Number.POSITIVE_INFINITY, 1];
  do {
    const time = await took(turns);
    if (time < 2) turns *= 2;
    least = Math.min(least, time / turns);
  } while (performance.now() < end);
  return least * 1e6;
}

async function finish(result: tf.Tensor): Promise<void> {
  const first = tf.tidy(() => tf.slice(tf.reshape(result, [-1]), [0], [1]));
  await first.data();
  tf.dispose([result, first]);
}
