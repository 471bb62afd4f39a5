/** Label rows. The wasm kernel writes integers whatever type is asked of it, so the rows are made as integers and converted. */
import * as tf from '@tensorflow/tfjs-core';

/** `[n]`, int32 → `[n, depth]`, float32: 1 at the label, 0 elsewhere. */
export function oneHot(labels: tf.Tensor, depth: number): tf.Tensor {
  return tf.tidy(() => tf.cast(tf.oneHot(labels, depth), 'float32'));
}
