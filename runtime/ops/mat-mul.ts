/**
 * Matrix products. The wasm kernel is fast for two plain matrices only: a transposed operand takes it 12 times as long as
 * transposing first (67 against 6 ms for [500, 1568] · [100, 1568]ᵀ), and a batch of outer products 8 times as long as the
 * elementwise product that it is.
 *
 * It also keeps what it prepared for the second matrix, by the memory that the matrix lies in. The same memory in another shape
 * (a reshape shares it) gets what was prepared for the first shape: wrong numbers, and writes beyond the result.
 */
import * as tf from '@tensorflow/tfjs-core';
import { transposed } from './of-parameters.ts';

/** `[m, k] · [k, n]`, or a batch of them with the same leading dimension; either operand transposed in its last two axes. */
export function matMul(a: tf.Tensor, b: tf.Tensor, transposeA = false, transposeB = false): tf.Tensor {
  return tf.tidy(() => {
    const inner = a.shape.at(transposeA ? -2 : -1);
    if (a.rank === 3 && inner === 1) return tf.mul(swapped(a, transposeA), swapped(b, transposeB));
    if (a.rank === 2 && tf.getBackend() === 'wasm')
      return tf.matMul(swapped(a, transposeA), transposeB ? transposed(b, [1, 0]) : b);
    return tf.matMul(a, b, transposeA, transposeB);
  });
}

/** The transpose of the last two axes; free when one of them is 1. */
function swapped(x: tf.Tensor, transpose: boolean): tf.Tensor {
  if (!transpose) return x;
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const leading = x.shape.slice(0, -2);
  if (rows === 1 || columns === 1) return tf.reshape(x, [...leading, columns, rows]);
  return tf.transpose(x, x.rank === 3 ? [0, 2, 1] : [1, 0]);
}
