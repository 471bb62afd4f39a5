/**
 * The lines of a ramp: slope 1 above 0 and `below` under it, `0 ≤ below ≤ 1`. ReLU is the ramp with `below = 0`.
 *
 * With `p = [u]₊` and `n = [−ℓ]₊` the chord from `(ℓ, σ(ℓ))` to `(u, σ(u))` has the slope `s = below + (1 − below)·p/(p + n)`: 1 when
 * `ℓ ≥ 0`, `below` when `u ≤ 0` (for ReLU `u/(u − ℓ)` between them, errata, eq. 13). The ramp is convex, so that it lies under
 * its chord, and for any slope in `[below, 1]` over the line through 0 with that slope:
 *
 *     s·z ≤ σ(z) ≤ s·z + h,    h = max((s − below)·n, (1 − s)·p),    for any s in [below, 1],
 *
 * since `σ(z) − s·z` is largest at an end of the interval. For the chord itself both terms of `h` are equal.
 *
 * Band: both lines have the slope of the chord. CROWN (Zhang et al. 2018, the adaptive choice): the upper line is the chord, the lower
 * one goes through 0 with the slope that leaves the smaller area, 1 if `u > −ℓ`, else `below`.
 *
 * Where `p + n` is 0 the input is 0, and so is the chord's share: 1 is added to the denominator there, and nothing anywhere else, so
 * that no scale is too small for it. Outward, the least normal number stands in its place.
 */
import { leastNormal } from '../../shared/float32.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { BoundValues, Exactness, Line, Lines } from '../relaxation/lines.ts';

interface Ramp {
  /** Slope under 0, a float32 number. */
  readonly below: number;
  readonly bounds: BoundValues;
  readonly exactness: Exactness;
}

export function bandOfRamp(b: ProgramBuilder, ramp: Ramp): Lines {
  const upper = chord(b, ramp, partsOf(b, ramp.bounds));
  return { lower: { slope: upper.slope, intercept: null }, upper };
}

export function crownOfRamp(b: ProgramBuilder, ramp: Ramp): Lines {
  const parts = partsOf(b, ramp.bounds);
  const upper = chord(b, ramp, parts);
  const steep = b.within({ role: 'lower slope' }, () =>
    inRange(b, ramp, b.unary('step', b.binary('sub', parts.positive, parts.negative))),
  );
  return { lower: { slope: steep, intercept: null }, upper };
}

interface Parts {
  readonly positive: ValueId;
  readonly negative: ValueId;
  readonly sum: ValueId;
}

function partsOf(b: ProgramBuilder, { lower, upper }: BoundValues): Parts {
  const positive = b.within({ role: 'positive' }, () => b.unary('relu', upper));
  const below = b.within({ role: 'minus lower' }, () => b.unary('neg', lower));
  const negative = b.within({ role: 'negative' }, () => b.unary('relu', below));
  const sum = b.within({ role: 'width' }, () => b.binary('add', positive, negative));
  return { positive, negative, sum };
}

/** From a share in [0, 1] to a slope in `[below, 1]`, also where float32 rounds. */
function inRange(b: ProgramBuilder, { below, exactness }: Ramp, share: ValueId): ValueId {
  if (below === 0) return share;
  const slope = b.binary('add', b.binary('mul', share, b.constant(1 - below)), b.constant(below));
  if (exactness === 'real') return slope;
  return b.binary('minimum', b.binary('maximum', slope, b.constant(below)), b.constant(1));
}

function chord(
  b: ProgramBuilder,
  ramp: Ramp,
  { positive, negative, sum }: Parts,
): Line & { readonly intercept: ValueId } {
  const { below, exactness } = ramp;
  const above = (slope: ValueId): ValueId => (below === 0 ? slope : b.binary('sub', slope, b.constant(below)));
  if (exactness === 'real') {
    const width = b.within({ role: 'width' }, () =>
      b.binary('add', sum, b.binary('sub', b.constant(1), b.unary('step', sum))),
    );
    const slope = b.within({ role: 'slope' }, () => inRange(b, ramp, b.binary('div', positive, width)));
    const intercept = b.within({ role: 'height' }, () => b.binary('mul', above(slope), negative));
    return { slope, intercept };
  }
  const width = b.within({ role: 'width' }, () => b.binary('maximum', sum, b.constant(leastNormal)));
  const slope = b.within({ role: 'slope' }, () =>
    // A quotient of two equal numbers may come out above 1 where division is not exact to the last bit.
    inRange(b, ramp, b.binary('minimum', b.binary('div', positive, width), b.constant(1))),
  );
  const intercept = b.within({ role: 'height' }, () =>
    b.binary(
      'maximum',
      b.binary('mul', above(slope), negative),
      b.binary('mul', b.binary('sub', b.constant(1), slope), positive),
    ),
  );
  return { slope, intercept };
}
