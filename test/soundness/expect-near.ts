/** Comparison of long lists of numbers that says where they differ. */
import { expect } from 'vitest';

/** Entries may differ by `tolerance`, or by that share of the wanted one when it is larger than 1. */
export function expectNear(
  actual: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(actual.length, `entries of ${what}`).toBe(wanted.length);
  const wrong: string[] = [];
  for (let i = 0; i < wanted.length; i++) {
    const [got = Number.NaN, want = Number.NaN] = [actual[i], wanted[i]];
    if (!(Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want)))) wrong.push(`[${i}] ${got}, not ${want}`);
  }
  expect(
    wrong.slice(0, 5),
    `${wrong.length} of ${wanted.length} entries of ${what} differ by more than ${tolerance}`,
  ).toEqual([]);
}
