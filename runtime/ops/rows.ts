/**
 * Rows of a dual and the values of their group (an example, or one position of an example's map). A dual `[rows, …f]` is shared
 * by all groups, one of `[groups·rows, …f]` has its own rows for each; with one group the two are the same.
 */
import * as tf from '@tensorflow/tfjs-core';
import { copiesHere, joinedHere } from './host-copies.ts';
import { matMul } from './mat-mul.ts';
import { middleSums } from './middle-means.ts';
import { signs } from './signs.ts';

const featuresOf = (x: tf.Tensor): number => x.shape.slice(1).reduce((product, size) => product * size, 1);

/** `⟨weights, |row|⟩`: `(dual, weights [groups, …f]) → [groups, rows]`. */
export function rowNorms(dual: tf.Tensor, weights: tf.Tensor, rows: number): tf.Tensor {
  const features = featuresOf(weights);
  // The rows of a single group are its own as well.
  const areOwn = dual.shape[0] !== rows || weights.shape[0] === 1;
  if (areOwn && copiesHere()) return normsHere(dual, weights, rows);
  return tf.tidy(() => {
    const magnitudes = tf.abs(dual);
    if (dual.shape[0] === rows)
      return matMul(tf.reshape(weights, [-1, features]), tf.reshape(magnitudes, [rows, features]), false, true);
    const products = tf.matMul(tf.reshape(magnitudes, [-1, rows, features]), tf.reshape(weights, [-1, features, 1]));
    return tf.reshape(products, [-1, rows]);
  });
}

/** In one go through the rows instead of three, with sums in float64: half the time on wasm, and nothing as large as the dual. */
function normsHere(dual: tf.Tensor, weights: tf.Tensor, rows: number): tf.Tensor {
  const [groups, features] = [weights.shape[0]!, featuresOf(weights)];
  return joinedHere([dual, weights], [groups, rows], ([entries, factors], to) => {
    for (let group = 0, row = 0; group < groups; group++)
      for (const last = row + rows; row < last; row++)
        to[row] = weightedNorm(entries!, row * features, factors!, group * features, features);
  });
}

/** Four sums, each with every fourth entry: they need not wait for each other. */
function weightedNorm(x: Float32Array, from: number, weights: Float32Array, start: number, count: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const fours = count - (count % 4);
  for (let i = 0; i < fours; i += 4) {
    a += Math.abs(x[from + i]!) * weights[start + i]!;
    b += Math.abs(x[from + i + 1]!) * weights[start + i + 1]!;
    c += Math.abs(x[from + i + 2]!) * weights[start + i + 2]!;
    d += Math.abs(x[from + i + 3]!) * weights[start + i + 3]!;
  }
  for (let i = fours; i < count; i++) a += Math.abs(x[from + i]!) * weights[start + i]!;
  return a + b + (c + d);
}

/**
 * To the rows, from the gradient of their norms: `(dual, weights [groups, …f], upstream [groups, rows]) → as dual`, for each row
 * `sign(row) · weights · upstream`. Rows that groups share get the sum over the groups.
 */
export function rowNormsGradient(dual: tf.Tensor, weights: tf.Tensor, upstream: tf.Tensor, rows: number): tf.Tensor {
  return tf.tidy(() => {
    const features = featuresOf(weights);
    if (dual.shape[0] === rows) {
      const sums = matMul(upstream, tf.reshape(weights, [-1, features]), true);
      return tf.mul(signs(dual), tf.reshape(sums, dual.shape));
    }
    // A scope of its own: nothing as large as the dual is left when the result is made but what the result is made of.
    const signed = tf.tidy(() =>
      tf.mul(signs(tf.reshape(dual, [-1, rows, features])), tf.reshape(weights, [-1, 1, features])),
    );
    return tf.reshape(tf.mul(signed, tf.reshape(upstream, [-1, rows, 1])), dual.shape);
  });
}

/** To the weights, from the gradient of the norms: `(dual, upstream [groups, rows]) → [groups, …f]`, `Σ |row| · upstream` over the rows. */
export function rowNormsWeightGradient(dual: tf.Tensor, upstream: tf.Tensor, rows: number): tf.Tensor {
  return tf.tidy(() => {
    const features = featuresOf(dual);
    const magnitudes = tf.abs(dual);
    const sums =
      dual.shape[0] === rows
        ? matMul(upstream, tf.reshape(magnitudes, [rows, features]))
        : matMul(tf.reshape(upstream, [-1, 1, rows]), tf.reshape(magnitudes, [-1, rows, features]));
    return tf.reshape(sums, [-1, ...dual.shape.slice(1)]);
  });
}

/** Each row times its group's factors: `(dual, factors [groups, …f]) → [groups·rows, …f]`. */
export function scaledRows(dual: tf.Tensor, factors: tf.Tensor, rows: number): tf.Tensor {
  return tf.tidy(() => {
    const features = featuresOf(factors);
    const groups = dual.shape[0] === rows ? 1 : -1;
    const scaled = tf.mul(tf.reshape(dual, [groups, rows, features]), tf.reshape(factors, [-1, 1, features]));
    return tf.reshape(scaled, [-1, ...factors.shape.slice(1)]);
  });
}

/** Sum over the rows of each group of `a · dual`: `(a [groups·rows, …f], dual as above) → [groups, …f]`. */
export function rowProducts(a: tf.Tensor, dual: tf.Tensor, rows: number): tf.Tensor {
  return tf.tidy(() => {
    const features = featuresOf(a);
    const groups = dual.shape[0] === rows ? 1 : -1;
    const products = tf.mul(tf.reshape(a, [-1, rows, features]), tf.reshape(dual, [groups, rows, features]));
    return tf.reshape(middleSums(products), [-1, ...a.shape.slice(1)]);
  });
}
