import { describe, expect, it } from 'vitest';
import { cauchy, normal, permutation, uniform } from '../../../runtime/random/draws.ts';
import { foldIn, keyFrom } from '../../../runtime/random/random-key.ts';

const count = 40_000;
const key = foldIn(keyFrom(11), 'draws');

/** Largest distance between the empirical distribution and the given one: the statistic of Kolmogorov and Smirnov. */
function distanceFrom(distribution: (x: number) => number, draws: Float32Array): number {
  const sorted = draws.slice().sort();
  return sorted.reduce((worst, x, i) => {
    const p = distribution(x);
    return Math.max(worst, Math.abs(p - i / sorted.length), Math.abs(p - (i + 1) / sorted.length));
  }, 0);
}

// The distance of a right generator exceeds 1.95 / √n with probability 0.001 (Kolmogorov's limit); the key is fixed.
const limit = 1.95 / Math.sqrt(count);

describe('draws', () => {
  it('draws uniform numbers in [0, 1)', () => {
    const draws = uniform(key, count);
    expect(draws.every(x => x >= 0 && x < 1)).toBe(true);
    expect(distanceFrom(x => x, draws)).toBeLessThan(limit);
  });

  it('draws Cauchy numbers, all finite', () => {
    const draws = cauchy(key, count);
    expect(draws.every(Number.isFinite)).toBe(true);
    expect(distanceFrom(x => 0.5 + Math.atan(x) / Math.PI, draws)).toBeLessThan(limit);
  });

  it('draws normal numbers, also an odd number of them', () => {
    const draws = normal(key, count - 1);
    expect(draws).toHaveLength(count - 1);
    expect(distanceFrom(normalDistribution, draws)).toBeLessThan(limit);
    const pairs = Array.from({ length: count / 2 - 1 }, (_, i) => draws[2 * i]! * draws[2 * i + 1]!);
    const correlation = pairs.reduce((sum, product) => sum + product, 0) / pairs.length;
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(pairs.length));
  });

  it('draws permutations: each number once, each place equally often', () => {
    expect([...permutation(key, 100)].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    const places = new Array<number>(24).fill(0);
    const rounds = 6000;
    for (let round = 0; round < rounds; round++) {
      const [a, b, c, d] = permutation(foldIn(key, round), 4);
      places[[a, b, c, d].reduce<number>((rank, x, i, all) => rank * (4 - i) + below(x!, all as number[], i), 0)]! += 1;
    }
    const squares = places.reduce((sum, seen) => sum + (seen - rounds / 24) ** 2 / (rounds / 24), 0);
    // Chi square with 23 degrees of freedom: 49.7 is exceeded with probability 0.001.
    expect(squares).toBeLessThan(49.7);
  });

  it('gives other numbers for another key', () => {
    expect([...uniform(foldIn(key, 1), 8)]).not.toEqual([...uniform(foldIn(key, 2), 8)]);
  });
});

function below(x: number, all: readonly number[], from: number): number {
  return all.slice(from + 1).filter(other => other < x).length;
}

/** Φ by Simpson's rule from 0, to about 1e-9. */
function normalDistribution(x: number): number {
  const steps = 200;
  const width = Math.min(Math.abs(x), 8) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((i * width) ** 2) / 2);
  }
  return 0.5 + (Math.sign(x) * sum * width) / 3 / Math.sqrt(2 * Math.PI);
}
