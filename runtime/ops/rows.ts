/**
 * Rows of a dual and the values of their group (an example, or one position of an example's map). A dual `[rows, …f]` is shared
 * by all groups, one of `[groups·rows, …f]` has its own rows for each; with one group the two are the same.
 */
import * as tf from '@tensorflow/tfjs-core';
import { matMul } from './mat-mul.ts';
import { middleSums } from './middle-means.ts';
import { signs } from './signs.ts';

const featuresOf = (x: tf.Tensor): number => x.shape.slice(1).reduce((product, size) => product * size, 1);

/** `⟨weights, |row|⟩`: `(dual, weights [groups, …f]) → [groups, rows]`. */
export function rowNorms(dual: tf.Tensor, weights: tf.Tensor, rows: number): tf.Tensor {
  return tf.tidy(() => {
    const features = featuresOf(weights);
    const magnitudes = tf.abs(dual);
    if (dual.shape[0] === rows)
      return matMul(tf.reshape(weights, [-1, features]), tf.reshape(magnitudes, [rows, features]), false, true);
    const products = tf.mul(tf.reshape(magnitudes, [-1, rows, features]), tf.reshape(weights, [-1, 1, features]));
    return tf.sum(products, 2);
  });
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
