/** The numbers that rounding terms are made of, against exact integers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gamma, leastNormal, roundedDown, roundedUp, unitRoundoff } from '../../../compiler/shared/float32.ts';

describe('roundedUp and roundedDown', () => {
  it('are the nearest float32 numbers on either side', () => {
    fc.assert(
      fc.property(fc.double({ min: -3e38, max: 3e38, noNaN: true }), x => {
        const [down, up] = [roundedDown(x), roundedUp(x)];
        expect(Math.fround(down)).toBe(down);
        expect(Math.fround(up)).toBe(up);
        expect(down <= x && x <= up).toBe(true);
        // Nothing lies between them: they are equal, or the number itself is none and they are one step apart.
        if (Object.is(Math.fround(x), x)) expect([down, up]).toEqual([x, x]);
        else expect(Math.fround((down + up) / 2) === down || Math.fround((down + up) / 2) === up).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([0, 1, -1, 0.5, 2 ** -126, 2 ** -149, 2 ** 127])('leave the float32 number %d as it is', x => {
    expect(roundedUp(x)).toBe(x);
    expect(roundedDown(x) + 0).toBe(x);
  });

  it('know the smallest numbers', () => {
    expect(roundedUp(1e-50)).toBe(2 ** -149);
    expect(roundedDown(1e-50) + 0).toBe(0);
    expect(roundedUp(-1e-50) + 0).toBe(0);
    expect(roundedUp(0.1)).toBeGreaterThan(0.1);
    expect(roundedDown(0.1)).toBeLessThan(0.1);
  });
});

describe('gamma', () => {
  it('bounds a product of so many factors 1 ± u', () => {
    for (const terms of [1, 2, 17, 1569, 100_000]) {
      const [most, least] = [(1 + unitRoundoff) ** terms - 1, 1 - (1 - unitRoundoff) ** terms];
      expect(gamma(terms)).toBeGreaterThanOrEqual(most);
      expect(gamma(terms)).toBeGreaterThanOrEqual(least);
      expect(gamma(terms)).toBeLessThan(1.02 * most);
    }
    expect(gamma(0)).toBe(0);
  });

  it('is not asked for more than it can say', () => {
    expect(() => gamma(2 ** 24)).toThrow(/no useful bound/);
    expect(() => gamma(Number.NaN)).toThrow(/no useful bound/);
  });

  it('has the unit and the smallest normal number of float32', () => {
    expect([Math.fround(1 + unitRoundoff), Math.fround(1 + 2 * unitRoundoff)]).toEqual([1, 1 + 2 * unitRoundoff]);
    expect(new Int32Array(Float32Array.of(leastNormal).buffer)[0]).toBe(1 << 23);
  });
});
