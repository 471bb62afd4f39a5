/**
 * Label rows. The wasm kernel writes integers whatever type is asked of it, so the rows are made as integers and converted;
 * TensorFlow.js refuses a depth of 1, which is therefore cut from a depth of 2.
 */
import * as tf from '@tensorflow/tfjs-core';

/** `[n]`, int32 → `[n, depth]`, float32: 1 at the label, 0 elsewhere. */
export function oneHot(labels: tf.Tensor, depth: number): tf.Tensor {
  return tf.tidy(() => {
    const rows = tf.cast(tf.oneHot(labels, Math.max(2, depth)), 'float32');
    return depth === 1 ? tf.slice(rows, [0, 0], [-1, 1]) : rows;
  });
}
