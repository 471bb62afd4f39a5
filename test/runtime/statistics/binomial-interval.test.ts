import { describe, expect, it } from 'vitest';
import { binomialInterval } from '../../../runtime/statistics/binomial-interval.ts';

/** P(X ≥ count) for X ~ Binomial(total, rate), summed term by term in float64. */
function atLeast(count: number, total: number, rate: number): number {
  let logChoose = 0;
  let sum = 0;
  for (let k = 0; k <= total; k++) {
    if (k > 0) logChoose += Math.log((total - k + 1) / k);
    if (k >= count) sum += Math.exp(logChoose + k * Math.log(rate) + (total - k) * Math.log1p(-rate));
  }
  return sum;
}

describe('binomialInterval', () => {
  it.each([
    [1, 10],
    [5, 100],
    [60, 1000],
    [222, 3000],
    [999, 1000],
  ])('leaves 2.5 per cent on each side of %i of %i', (count, total) => {
    const [lower, upper] = binomialInterval(count, total);
    expect(atLeast(count, total, lower)).toBeCloseTo(0.025, 8);
    expect(1 - atLeast(count + 1, total, upper)).toBeCloseTo(0.025, 8);
  });

  it('is one-sided where nothing or everything was counted', () => {
    expect(binomialInterval(0, 50)).toEqual([0, expect.closeTo(1 - 0.025 ** (1 / 50), 9)]);
    expect(binomialInterval(50, 50)).toEqual([expect.closeTo(0.025 ** (1 / 50), 9), 1]);
  });

  it.each([
    [3, 2],
    [-1, 5],
    [0, 0],
    [0.5, 3],
  ])('refuses %d of %d', (count, total) => {
    expect(() => binomialInterval(count, total)).toThrow(RangeError);
  });
});
