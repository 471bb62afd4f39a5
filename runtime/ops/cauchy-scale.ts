/**
 * The scale of k Cauchy samples for each feature (design, section 5), in operations that are fast on every backend.
 * Features whose samples are all 0 (dead ones) have scale 0 and derivative 0.
 */
import * as tf from '@tensorflow/tfjs-core';
import { likelihoodGradient, likelihoodScale } from './cauchy-likelihood.ts';
import { signs } from './signs.ts';

/** Median of the sizes, geometric mean, or maximum likelihood. */
export type ScaleEstimator = 'median' | 'geometric' | 'ml';

/** `samples [n, k, features] → [n, features]`. Corrected for its bias where that is known: `ml` by `1 − 1/k`, `geometric` by `cos(π/2k)^k`. */
export function cauchyScale(samples: tf.Tensor, estimator: ScaleEstimator): tf.Tensor {
  return tf.tidy(() => estimators[estimator].scale(samples));
}

/** `upstream · ∂scale/∂sample`, `[n, k, features]`; `scale [n, features]` is what `cauchyScale` gave for the samples. */
export function cauchyScaleGradient(
  samples: tf.Tensor,
  scale: tf.Tensor,
  upstream: tf.Tensor,
  estimator: ScaleEstimator,
): tf.Tensor {
  return tf.tidy(() => estimators[estimator].gradient(samples, tf.expandDims(scale, 1), tf.expandDims(upstream, 1)));
}

interface EstimatorRule {
  readonly scale: (samples: tf.Tensor) => tf.Tensor;
  /** `scale` and `upstream` are `[n, 1, features]`. */
  readonly gradient: (samples: tf.Tensor, scale: tf.Tensor, upstream: tf.Tensor) => tf.Tensor;
}

const drawsOf = (samples: tf.Tensor): number => samples.shape[1]!;

/** The two middles of the sizes `[n, k, f]`, each `[n, 1, f]`; at odd k they are one. */
function middles(sizes: tf.Tensor): readonly [tf.Tensor, tf.Tensor] {
  const k = drawsOf(sizes);
  const { values } = tf.topk(tf.transpose(sizes, [0, 2, 1]), Math.floor(k / 2) + 1);
  const [n, features] = values.shape as [number, number, number];
  const fromTop = (place: number): tf.Tensor =>
    tf.reshape(tf.slice(values, [0, 0, place], [n, features, 1]), [n, 1, features]);
  return [fromTop(Math.floor(k / 2)), fromTop(Math.ceil(k / 2) - 1)];
}

/** The derivative is half the sign at each of the two middles; samples that tie for one share it. */
const median: EstimatorRule = {
  scale(samples) {
    const [lower, upper] = middles(tf.abs(samples));
    return tf.squeeze(tf.mul(tf.add(lower, upper), 0.5), [1]);
  },
  gradient(samples, _scale, upstream) {
    const sizes = tf.abs(samples);
    const shares = middles(sizes).map(middle => {
      // 1 where the size is the middle. By arithmetic, since comparisons that broadcast take 100 ns an entry on wasm.
      const hits = tf.sub(1, tf.step(tf.abs(tf.sub(sizes, middle))));
      return tf.div(hits, tf.sum(hits, 1, true));
    });
    return tf.mul(tf.mul(signs(samples), tf.addN(shares)), tf.mul(upstream, 0.5));
  },
};

/** `∏ |s|^(1/k) · cos(π/2k)^k`; its derivative `scale / (k s)` has a pole at 0, where 0 is taken instead. */
const geometric: EstimatorRule = {
  scale(samples) {
    const k = drawsOf(samples);
    const meanLog = tf.mean(tf.log(tf.abs(samples)), 1);
    return tf.mul(tf.exp(meanLog), Math.cos(Math.PI / (2 * k)) ** k);
  },
  gradient(samples, scale, upstream) {
    const inverse = tf.div(samples, tf.add(tf.square(samples), smallest));
    return tf.mul(inverse, tf.div(tf.mul(scale, upstream), drawsOf(samples)));
  },
};

/** Added to squares before a division: without effect on samples above 1e-15, and 0 for those that are 0. */
const smallest = 1e-36;

const ml: EstimatorRule = { scale: likelihoodScale, gradient: likelihoodGradient };

const estimators: { readonly [Estimator in ScaleEstimator]: EstimatorRule } = { median, geometric, ml };
