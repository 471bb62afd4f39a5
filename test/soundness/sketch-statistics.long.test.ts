/**
 * Sketches are estimates, and nothing here is a bound: what has to hold is their distribution. With k projections the merged
 * sketch of an l∞ ball is k Cauchy samples whose scale is the exact radius, whatever the network.
 *
 * The logarithm of the size of a Cauchy sample is symmetric around that of the scale, so the median of each estimator is known:
 * the scale itself for the median of an odd number of samples and for maximum likelihood, times the correction that each
 * estimator carries. To first order in 1/k the estimates spread normally, with deviation √(2/k) (maximum likelihood; the Fisher
 * information of the scale is 1/2 per sample) or π/(2√k) (median, geometric mean).
 *
 * The median of N ratios has then deviation √(π/2)·spread/√N, the distance of its quartiles 1.17/√N of itself; four of these are
 * allowed. An l2 ball adds normal samples, whose root mean square has median 1 − 1/(3k) and spreads less: between the two.
 */
import { describe, expect, it } from 'vitest';
import type { ScaleEstimator } from '../../compiler/4-schedule/plan.ts';
import { median } from '../support/median.ts';
import { sketchedRatios, sketchTargets } from './sketched-ratios.ts';

const networks = 30;
const keys = 16;
const count = networks * keys;
/** Odd, so that the median is one sample. */
const widths = [9, 33, 129];

interface Distribution {
  readonly median: (k: number) => number;
  readonly spread: (k: number) => number;
}

const distributions: Readonly<Record<ScaleEstimator, Distribution>> = {
  ml: { median: k => 1 - 1 / k, spread: k => Math.sqrt(2 / k) },
  median: { median: () => 1, spread: k => Math.PI / (2 * Math.sqrt(k)) },
  geometric: { median: k => Math.cos(Math.PI / (2 * k)) ** k, spread: k => Math.PI / (2 * Math.sqrt(k)) },
};

/** Distance of the quartiles, in the unit in which it is the deviation of a normal distribution. */
function quartileSpread(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * sorted.length)]!;
  return (at(0.75) - at(0.25)) / 1.349;
}

const allowedForMedian = (spread: number): number => (4 * Math.sqrt(Math.PI / 2) * spread) / Math.sqrt(count);

describe('estimates of a sketch, over networks and keys', () => {
  const onlyLinf = sketchTargets('linf', networks);
  for (const [name, expected] of Object.entries(distributions) as [ScaleEstimator, Distribution][]) {
    it(`have the exact radius of an l∞ ball as their median, and spread as the theory says: ${name}`, () => {
      for (const projections of widths) {
        const ratios = sketchedRatios(onlyLinf, { estimator: name, projections, keys });
        const spread = expected.spread(projections);
        expect(Math.abs(median(ratios) - expected.median(projections))).toBeLessThan(allowedForMedian(spread));
        const relative = quartileSpread(ratios) / spread;
        // At k = 9 the second order in 1/k, which is left out, is of the size of the allowance.
        if (projections > widths[0]!) expect(Math.abs(relative - 1)).toBeLessThan((4 * 1.17) / Math.sqrt(count));
      }
    });
  }

  it('come as near to the exact radius of an l2 ball', () => {
    const targets = sketchTargets('l2', networks);
    for (const projections of widths) {
      const ratios = sketchedRatios(targets, { estimator: 'ml', projections, keys });
      const spread = Math.sqrt(2 / projections);
      expect(median(ratios)).toBeLessThan(1 + allowedForMedian(spread));
      expect(median(ratios)).toBeGreaterThan(1 - 1 / projections - allowedForMedian(spread));
      expect(quartileSpread(ratios)).toBeLessThan(spread * (1 + (4 * 1.17) / Math.sqrt(count)));
    }
  });
});
