/**
 * Sums and means over the middle one of three axes. Where an axis is not the last one, the backend wasm lays all numbers out anew before it adds
 * them up; an average pool over a map, one column wide at a time, leaves them where they are, in a third of the time. Elsewhere the pool is the slower one.
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Channels that a pool may have: the wasm kernel keeps their sums on a stack of 64 KiB, and writes over the memory behind it when there are
 * 16,384 of them.
 */
const mostChannels = 512;
/** With fewer the kernel's vector lanes stay empty. */
const leastChannels = 8;

/** `[n, k, f] → [n, 1, f]`. The caller disposes the tensor. */
export const middleMeans = (values: tf.Tensor): tf.Tensor =>
  tf.tidy(() => pooled(values) ?? tf.div(tf.sum(values, 1, true), values.shape[1]!));

/** `[n, k, f] → [n, 1, f]`. The caller disposes the tensor. */
export function middleSums(values: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const means = pooled(values);
    return means === null ? tf.sum(values, 1, true) : tf.mul(means, values.shape[1]!);
  });
}

/** The means, where a pool is the fastest way to them; else null. */
function pooled(values: tf.Tensor): tf.Tensor | null {
  const [n, k, f] = values.shape as [number, number, number];
  const channels = largestDivisor(f, mostChannels);
  if (tf.getBackend() !== 'wasm' || channels < leastChannels || k === 1) return null;
  const map = tf.reshape(values, [n, k, f / channels, channels]) as tf.Tensor4D;
  return tf.reshape(tf.avgPool(map, [k, 1], 1, 'valid'), [n, 1, f]);
}

function largestDivisor(of: number, most: number): number {
  for (let divisor = Math.min(of, most); divisor > 1; divisor--) if (of % divisor === 0) return divisor;
  return 1;
}
