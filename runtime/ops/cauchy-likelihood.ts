/**
 * The maximum-likelihood scale of k Cauchy samples `s` for each feature: the root `g` of `Σ σ = k/2` with `σ = g²/(g² + s²)`,
 * times `1 − 1/k`, which takes most of its bias back.
 *
 * Let `m` be the mean of the σ. Its log-odds, `log(m/(1 − m))`, are nearly linear in `log g²` (exactly so far from the samples, and when all are
 * alike), so Newton's method on them, with slope `mean σ(1 − σ) / (m(1 − m))`, converges in a few steps from nearly anywhere.
 * A step multiplies `g²` by `(1 + z)/(1 − z)`, `z = (1 − 2m)/slope`, which agrees with the exponential of Newton's step to third order.
 * `|z|` is limited, to 0.9 at first and less later, which keeps samples that lie in clusters from throwing it to and fro.
 *
 * The start is `(mean |s|^¼ / mean |s|^−¼)²`, which is the scale in expectation since `1/s` is Cauchy as well.
 *
 * Measured in float32, 4,000 draws each: Cauchy samples, k from 3 to 50: relative error at most 1e-6 after the six steps. Sizes spread
 * uniformly over ten decades: below 1e-3 for 99 in 100 at k = 10, and at odd k; what is left are gaps of five decades in the middle, where
 * float32 cannot tell the roots apart.
 */
import * as tf from '@tensorflow/tfjs-core';
import { middleMeans } from './middle-means.ts';

/** Limits of `|z|`, one for each Newton step. */
const limits = [0.9, 0.9, 0.9, 0.6, 0.6, 0.4] as const;

/** Squares below this are 0: keeps dead features from dividing 0 by 0. */
const smallest = 1e-36;

/** `[n, k, f] → [n, f]`. */
export function likelihoodScale(samples: tf.Tensor): tf.Tensor {
  const k = samples.shape[1]!;
  const squares = tf.square(samples);
  let square = startOf(samples);
  for (const limit of limits) square = tf.tidy(() => newtonStep(square, squares, limit));
  const live = tf.step(middleMeans(squares));
  const root = tf.mul(tf.sqrt(square), live);
  return tf.squeeze(tf.mul(root, 1 - 1 / k), [1]);
}

/** `g²` to start with, `[n, 1, f]`. */
function startOf(samples: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const quarter = tf.add(tf.sqrt(tf.sqrt(tf.abs(samples))), 1e-9);
    const ratio = tf.div(middleMeans(quarter), middleMeans(tf.div(1, quarter)));
    return tf.add(tf.square(tf.square(ratio)), smallest);
  });
}

function newtonStep(square: tf.Tensor, squares: tf.Tensor, limit: number): tf.Tensor {
  const sigma = tf.div(square, tf.add(squares, square));
  const mean = middleMeans(sigma);
  const spread = tf.sub(mean, middleMeans(tf.square(sigma)));
  const newton = tf.div(
    tf.mul(tf.sub(1, tf.mul(mean, 2)), tf.mul(mean, tf.sub(1, mean))),
    tf.add(tf.relu(spread), 1e-7),
  );
  const z = tf.clipByValue(newton, -limit, limit);
  return tf.add(tf.mul(square, tf.div(tf.add(1, z), tf.sub(1, z))), smallest);
}

/**
 * By the implicit function theorem `∂g/∂s = s/g · σ² / Σ σ(1 − σ)`: bounded, unlike the geometric mean's.
 * `scale` and `upstream` are `[n, 1, f]`.
 */
export function likelihoodGradient(samples: tf.Tensor, scale: tf.Tensor, upstream: tf.Tensor): tf.Tensor {
  // At k = 1 the scale is 0, whatever it is divided by.
  const k = samples.shape[1]!;
  const correction = 1 - 1 / k || 1;
  const square = tf.square(tf.div(scale, correction));
  const sigma = tf.div(square, tf.add(tf.add(tf.square(samples), square), smallest));
  const sigmaSquared = tf.square(sigma);
  const weight = tf.add(tf.mul(middleMeans(tf.sub(sigma, sigmaSquared)), k), 1e-12);
  // The correction over g, which is the scale over g²; 0 where g is 0.
  const factor = tf.div(scale, tf.add(square, smallest));
  return tf.mul(tf.mul(samples, sigmaSquared), tf.mul(upstream, tf.div(factor, weight)));
}
