/**
 * Scale of k Cauchy samples, and its derivative for each sample. Design section 5; `runtime/ops/cauchy-scale.ts` is the fast form.
 * Samples that are all 0 have scale 0 and derivative 0.
 */
import type { ScaleEstimator } from '../../4-schedule/plan.ts';
import { type Float64Tensor, zeros } from './float64-tensor.ts';

interface EstimatorRule {
  readonly scale: (samples: readonly number[]) => number;
  /** Derivative of `scale` for each sample. */
  readonly derivative: (samples: readonly number[], scale: number) => number[];
}

/** The maximum-likelihood scale of k samples is too large on average; to first order in 1/k this takes it back. */
const biasCorrection = (k: number): number => 1 - 1 / k;

/**
 * The root `g` of `Σ g²/(g² + s²) = k/2`, by bisection. Equivalently `Σ s²/(g² + s²) = k/2`, whose left side falls with `g`
 * from the number of samples that are not 0: when these are half of all or fewer, the root is 0.
 */
function likelihoodRoot(samples: readonly number[]): number {
  const k = samples.length;
  const sizes = samples.map(Math.abs).filter(size => size > 0);
  if (sizes.length * 2 <= k) return 0;
  const leftSide = (g: number): number => sizes.reduce((sum, size) => sum + 1 / (1 + (g / size) ** 2), 0);
  // At `high` no term is above 1/2; at `low` each is at least 2k/(2k + 1), so (k + 1)/2 terms give more than k/2.
  let high = Math.max(...sizes);
  let low = Math.min(...sizes) / Math.sqrt(2 * k);
  while (high > low * (1 + 4 * Number.EPSILON)) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (leftSide(middle) > k / 2) low = middle;
    else high = middle;
  }
  return high;
}

const maximumLikelihood: EstimatorRule = {
  scale: samples => likelihoodRoot(samples) * biasCorrection(samples.length),
  derivative(samples, scale) {
    const correction = biasCorrection(samples.length);
    const g = scale / correction;
    if (!(g > 0)) return samples.map(() => 0);
    // With t = s/g:  ∂g/∂s = t/(1 + t²)² / Σ t²/(1 + t²)².
    const weights = samples.map(s => s / g / (1 + (s / g) ** 2) ** 2);
    const sum = samples.reduce((total, s, i) => total + (weights[i]! * s) / g, 0);
    return weights.map(weight => (correction * weight) / sum);
  },
};

/** The middle of the absolute values; for even k both middle ones. */
function middles(samples: readonly number[]): readonly [number, number] {
  const sorted = samples.map(Math.abs).sort((a, b) => a - b);
  return [sorted[Math.ceil(sorted.length / 2) - 1]!, sorted[Math.floor(sorted.length / 2)]!];
}

const median: EstimatorRule = {
  scale(samples) {
    const [lower, upper] = middles(samples);
    return (lower + upper) / 2;
  },
  /** Half the sign at each of the two middles (at odd k they are one); samples that tie for a middle share it equally. */
  derivative(samples) {
    const [lower, upper] = middles(samples);
    const share = (s: number, middle: number): number =>
      Math.abs(s) === middle ? 0.5 / samples.filter(other => Math.abs(other) === middle).length : 0;
    return samples.map(s => Math.sign(s) * (share(s, lower) + share(s, upper)));
  },
};

const geometric: EstimatorRule = {
  scale(samples) {
    const k = samples.length;
    const meanLog = samples.reduce((sum, s) => sum + Math.log(Math.abs(s)), 0) / k;
    return Math.exp(meanLog) * Math.cos(Math.PI / (2 * k)) ** k;
  },
  derivative: (samples, scale) => samples.map(s => (s === 0 ? 0 : scale / (samples.length * s))),
};

const estimators: { readonly [Estimator in ScaleEstimator]: EstimatorRule } = {
  ml: maximumLikelihood,
  median,
  geometric,
};

/** Visits every feature of `samples [n, k, features]`: its k samples, their offsets, and its offset in `[n, features]`. */
function eachFeature(
  samples: Float64Tensor,
  visit: (own: readonly number[], offsets: readonly number[], atScale: number) => void,
): void {
  const [examples, k, features] = [samples.shape[0]!, samples.shape[1]!, samples.shape[2]!];
  for (let n = 0; n < examples; n++) {
    for (let feature = 0; feature < features; feature++) {
      const offsets = Array.from({ length: k }, (_, draw) => (n * k + draw) * features + feature);
      const own = offsets.map(at => samples.data[at]!);
      visit(own, offsets, n * features + feature);
    }
  }
}

/** `[n, k, features] → [n, features]`. */
export function cauchyScale(estimator: ScaleEstimator, samples: Float64Tensor, shape: readonly number[]): Float64Array {
  const result = zeros(shape);
  eachFeature(samples, (own, _offsets, at) => {
    result[at] = estimators[estimator].scale(own);
  });
  return result;
}

/** `upstream · ∂scale/∂sample`; `scale` is what `cauchyScale` gave, `upstream` has its shape. */
export function cauchyScaleGradient(
  estimator: ScaleEstimator,
  samples: Float64Tensor,
  scale: Float64Tensor,
  upstream: Float64Tensor,
): Float64Array {
  const result = zeros(samples.shape);
  eachFeature(samples, (own, offsets, at) => {
    const slopes = estimators[estimator].derivative(own, scale.data[at]!);
    offsets.forEach((offset, draw) => {
      result[offset] = upstream.data[at]! * slopes[draw]!;
    });
  });
  return result;
}
