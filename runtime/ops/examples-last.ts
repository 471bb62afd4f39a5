/**
 * Maps with their examples along the last axis, as a convolution needs them that adds up over examples. Numbers that a cache does not hold are
 * moved in two steps: in one, hardly two neighbours stay near each other, and it takes the backend wasm three times as long.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Entries from which two steps take less than one, on wasm and on native. */
const beyondCaches = 2 ** 18;

/** `[n, H, W, C] → [C, H, W, n]`. The caller disposes the tensor. */
export function examplesLast(maps: tf.Tensor): tf.Tensor {
  const [n, H, W, C] = maps.shape as [number, number, number, number];
  if (maps.size < beyondCaches || C === 1) return tf.transpose(maps, [3, 1, 2, 0]);
  return tf.tidy(() => {
    const flat = tf.transpose(tf.reshape(maps, [n, H * W * C]));
    return tf.reshape(tf.transpose(tf.reshape(flat, [H * W, C, n]), [1, 0, 2]), [C, H, W, n]);
  });
}
