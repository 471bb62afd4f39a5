import { describe, expect, it } from 'vitest';
import {
  gamma,
  largestFloat32,
  measure,
  shareOfAllowed,
  unit,
} from '../../../../runtime/backend/arithmetic/allowed-error.ts';

const { NaN: undefinedValue, POSITIVE_INFINITY: infinity } = Number;

describe('shareOfAllowed', () => {
  it('is the error over the allowed error', () => {
    expect(shareOfAllowed(1.5, { exact: 1, allowed: 0.25 })).toBe(2);
    expect(shareOfAllowed(1, { exact: 1, allowed: 0 })).toBe(0);
    expect(shareOfAllowed(1 + 2 ** -23, { exact: 1, allowed: 0 })).toBe(infinity);
  });

  it('is infinite where a value is not finite, or should not be', () => {
    expect(shareOfAllowed(undefinedValue, { exact: 1, allowed: 10 })).toBe(infinity);
    expect(shareOfAllowed(1, { exact: undefinedValue, allowed: undefinedValue })).toBe(infinity);
    expect(shareOfAllowed(undefinedValue, { exact: undefinedValue, allowed: undefinedValue })).toBe(0);
    expect(shareOfAllowed(infinity, { exact: 1, allowed: 10 })).toBe(infinity);
    expect(shareOfAllowed(largestFloat32, { exact: infinity, allowed: infinity })).toBe(infinity);
    expect(shareOfAllowed(undefinedValue, { exact: infinity, allowed: infinity })).toBe(infinity);
    expect(shareOfAllowed(-infinity, { exact: infinity, allowed: infinity })).toBe(infinity);
  });

  it('lets overflow what rounds to infinity, and only that', () => {
    const beyond = 1.5 * largestFloat32;
    expect(shareOfAllowed(infinity, { exact: beyond, allowed: unit * beyond })).toBe(0);
    expect(shareOfAllowed(-infinity, { exact: beyond, allowed: unit * beyond })).toBe(infinity);
    expect(shareOfAllowed(largestFloat32, { exact: beyond, allowed: unit * beyond })).toBeGreaterThan(1e6);
    expect(shareOfAllowed(infinity, { exact: largestFloat32 / 2, allowed: unit * largestFloat32 })).toBe(infinity);
  });

  it('is at most 1 for one rounding to nearest', () => {
    for (const exact of [1 + unit, 1 + 3 * unit, 2 - unit, 0.1, 1 / 3, 1e-30 / 3, 2 ** 100 * (1 + unit)])
      expect(shareOfAllowed(Math.fround(exact), { exact, allowed: unit * exact })).toBeLessThanOrEqual(1);
  });
});

describe('measure', () => {
  it('names the worst entry, what it is and what it should be', () => {
    const expected = (entry: number) => ({ exact: entry, allowed: 0.5 });
    expect(measure('sum', [0, 1.25, 3, 3], 4, expected)).toEqual({ share: 2, where: 'sum, entry 2: 3 in place of 2' });
    expect(measure('sum', [0, 1.25, 3, 3], 4, expected, [0, 1]).share).toBe(0.5);
  });

  it('takes a result of another size for wrong', () => {
    expect(measure('sum', [], 2, () => ({ exact: 0, allowed: 1 }))).toEqual({
      share: infinity,
      where: 'sum: 0 entries in place of 2',
    });
  });
});

describe('gamma', () => {
  it('is what n roundings come to', () => {
    expect(gamma(1)).toBe(unit / (1 - unit));
    expect(gamma(1000)).toBeGreaterThan((1 + unit) ** 1000 - 1);
  });
});
