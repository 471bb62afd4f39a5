/** Tail bounds against distributions that are known otherwise: in closed form, and by draws of a generator that the runtime does not have. */
import { describe, expect, it } from 'vitest';
import { epsilonFor, logGeometricTail, logSquaresTail, shareFor } from '../../../compiler/4-schedule/geometric-tail.ts';
import { binomialInterval } from '../../../runtime/statistics/binomial-interval.ts';
import { seededNumbers } from '../../support/program-inputs.ts';

const next = seededNumbers(5);
const cauchyDraw = (): number => Math.abs(Math.tan(Math.PI * (next() - 0.5)));
const geometricMean = (k: number): number =>
  Array.from({ length: k }, cauchyDraw).reduce((product, draw) => product * draw ** (1 / k), 1);

/** How many of so many means are at most `limit`, of draws whose scale is 1. */
const countBelow = (k: number, limit: number, count: number): number =>
  Array.from({ length: count }, () => geometricMean(k)).filter(mean => mean <= limit).length;

describe('the tail of a geometric mean', () => {
  it('is enough for the worked example of the paper: δ = 0.01, N = 6572, m = 10, k = 200, ε = 0.22', () => {
    const perEstimate = (0.01 / 6572) ** (1 / 10);
    expect(perEstimate).toBeCloseTo(0.26, 2);
    expect(Math.exp(logGeometricTail(0.22, 200))).toBeLessThan(perEstimate);
    expect(epsilonFor(Math.log(perEstimate), 200)).toBeLessThan(0.22);
  });

  it("is the paper's formula (55)", () => {
    for (const [epsilon, k] of [
      [0.05, 400],
      [0.22, 200],
      [0.9, 3],
    ] as const) {
      const b = (2 / Math.PI) * Math.log(1 - epsilon);
      const printed =
        epsilon ** 2 / (-0.5 * Math.log(1 + b ** 2) + (2 / Math.PI) * Math.atan(b) * Math.log(1 - epsilon));
      expect(logGeometricTail(epsilon, k)).toBeCloseTo((-k * epsilon ** 2) / printed, 9);
    }
  });

  it('of one draw is above the probability itself, (2/π)·atan(1 − ε)', () => {
    for (const epsilon of [0.01, 0.1, 0.5, 0.9, 0.999])
      expect(Math.exp(logGeometricTail(epsilon, 1))).toBeGreaterThan((2 / Math.PI) * Math.atan(1 - epsilon));
  });

  it.each([
    [2, 0.5],
    [4, 0.3],
    [4, 0.8],
    [16, 0.3],
    [64, 0.2],
  ])('of %i draws, ε = %d, is not exceeded by the share of draws, and is near it', (k, epsilon) => {
    const count = 20_000;
    const bound = Math.exp(logGeometricTail(epsilon, k));
    const [least, most] = binomialInterval(countBelow(k, 1 - epsilon, count), count, 0.999);
    expect(least).toBeLessThan(bound);
    // Chernoff's bounds lose a factor of the order of √k.
    expect(most).toBeGreaterThan(bound / (4 * Math.sqrt(k)));
  });

  it('is for a factor that is needed: a mean that is not enlarged is too small about every other time', () => {
    const [k, count] = [64, 5_000];
    const [least, most] = binomialInterval(countBelow(k, 1, count), count, 0.999);
    expect(least).toBeLessThan(0.5);
    expect(most).toBeGreaterThan(0.5);
  });

  it('goes by the number of all draws: the largest of m means of k has the ε of one mean of m·k', () => {
    for (const [k, m] of [
      [32, 8],
      [200, 10],
    ] as const) {
      const logOfAll = Math.log(1e-6);
      expect(epsilonFor(logOfAll / m, k)).toBeCloseTo(epsilonFor(logOfAll, m * k), 12);
    }
  });

  it('is inverted from above', () => {
    for (const k of [1, 7, 256, 4096])
      for (const logProbability of [Math.log(0.3), -13, -700]) {
        const epsilon = epsilonFor(logProbability, k);
        expect(epsilon).toBeGreaterThan(0);
        expect(epsilon).toBeLessThan(1 + 1e-15);
        if (epsilon < 1 - 1e-9)
          expect(Math.abs(logGeometricTail(epsilon, k) / logProbability - 1), `${k}, ${logProbability}`).toBeLessThan(
            1e-6,
          );
      }
  });
});

describe('the tail of a sum of squares', () => {
  it('is above the probability itself, which is known for 2 and 4 draws', () => {
    for (const share of [0.01, 0.2, 0.5, 0.9]) {
      expect(Math.exp(logSquaresTail(share, 2))).toBeGreaterThan(1 - Math.exp(-share));
      expect(Math.exp(logSquaresTail(share, 4))).toBeGreaterThan(1 - Math.exp(-2 * share) * (1 + 2 * share));
    }
    // And near it where it is small: of four draws y²/2 + … against e²·y²/4 with y = 2·share.
    expect(Math.exp(logSquaresTail(0.01, 4))).toBeLessThan(5 * (1 - Math.exp(-0.02) * 1.02));
  });

  it('is inverted from below', () => {
    for (const k of [1, 8, 256])
      for (const logProbability of [Math.log(0.3), -13, -300]) {
        const share = shareFor(logProbability, k);
        expect(share).toBeLessThan(1);
        expect(logSquaresTail(share, k)).toBeLessThan(logProbability * (1 - 1e-12));
        expect(logSquaresTail(share * (1 + 1e-6), k)).toBeGreaterThan(logProbability);
      }
  });
});
