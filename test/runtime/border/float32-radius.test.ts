import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldRadius, leastRadius, radiusProblem } from '../../../runtime/border/float32-radius.ts';

describe('a radius', () => {
  it.each([
    [0, /finite number above 0/],
    [-1, /finite number above 0/],
    [Number.NaN, /finite number above 0/],
    [Number.POSITIVE_INFINITY, /finite number above 0/],
    ['0.1', /a radius is a number/],
    [undefined, /a radius is a number/],
    [1e-46, /vanishes in float32/],
    [1e-40, /vanishes in float32.*1\.18e-38/],
    [1e39, /beyond float32/],
    [3.4028236e38, /beyond float32/],
  ])('is refused: %s', (value, reason) => expect(radiusProblem(value)).toMatch(reason));

  it.each([leastRadius, 1e-30, 8 / 255, 0.1, 3e38])('is taken: %s', value => expect(radiusProblem(value)).toBeNull());

  it('is taken exactly when float32 holds it at full precision', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), value => {
        const held = Math.fround(value);
        const fits = held >= 2 ** -126 && Number.isFinite(held);
        expect(radiusProblem(value) === null).toBe(fits);
        if (held >= 0) expect(heldRadius(value)).toBe(held < 2 ** -126 ? 0 : value);
      }),
    );
  });
});
