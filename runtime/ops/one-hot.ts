/**
 * Rows with a single 1. The wasm kernel writes integers whatever type is asked of it, so the rows are made as integers and converted;
 * TensorFlow.js refuses a depth of 1, which is therefore cut from a depth of 2.
 */
import * as tf from '@tensorflow/tfjs-core';

/** `[n]`, int32 → `[n, depth]`, float32: 1 at the index, 0 elsewhere. */
export function unitVectors(indices: tf.Tensor, depth: number): tf.Tensor {
  return tf.tidy(() => {
    const rows = tf.cast(tf.oneHot(indices, Math.max(2, depth)), 'float32');
    return depth === 1 ? tf.slice(rows, [0, 0], [-1, 1]) : rows;
  });
}

/** The same for labels: the row of a label that is no class is NaN, since nothing can be said of its margins. */
export function oneHot(labels: tf.Tensor, depth: number): tf.Tensor {
  return tf.tidy(() => {
    const rows = unitVectors(labels, depth);
    return tf.div(rows, tf.sum(rows, 1, true));
  });
}
