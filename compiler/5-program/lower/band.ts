/**
 * The band of a nonlinearity from the bounds of its input, and the centre behind it.
 *
 * ReLU: with `p = [u]₊` and `n = [−ℓ]₊`, `slope = p/(p + n)` is 1 when `ℓ ≥ 0`, 0 when `u ≤ 0` and `u/(u − ℓ)` between
 * (errata, eq. 13), and `radius = offset = slope·n/2` is 0 in the first two cases. Where `p + n` is 0 the input is 0, and so is the
 * slope: 1 is added to the denominator there, and nothing anywhere else, so that no scale is too small for it.
 */
import { floorOfSizes, leastNormal, roundedUp, unitRoundoff } from '../../shared/float32.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { BandValues, BoundValues } from './lowering.ts';

export function reluBand(b: ProgramBuilder, bounds: BoundValues): BandValues {
  const { positive, negative, sum } = partsOf(b, bounds);
  const width = b.within({ role: 'width' }, () =>
    b.binary('add', sum, b.binary('sub', b.constant(1), b.unary('step', sum))),
  );
  const slope = b.within({ role: 'slope' }, () => b.binary('div', positive, width));
  const radius = b.within({ role: 'band radius' }, () =>
    b.binary('mul', b.binary('mul', slope, negative), b.constant(0.5)),
  );
  return { slope, offset: radius, radius };
}

/**
 * The band that holds in float32, for the slope as it was computed. For any `s` in [0, 1], `relu(z) − s·z` lies in
 * `[0, max(s·n, (1 − s)·p)]` on `[ℓ, u]`: the offset is half of that, the radius half of it rounded up. On top of the radius comes what
 * the walk owes at the nonlinearity's input, `owed` (a share of its size, `outward.ts`), times the slope, since the dual there is
 * `s·ν`; with it the roundings of `s·ν` itself and of the centre, `fl(s·c + offset)`, a few `u` of `s` times the size each.
 */
export function reluBandOutward(b: ProgramBuilder, bounds: BoundValues, owed: ValueId): BandValues {
  const { positive, negative, sum } = partsOf(b, bounds);
  const width = b.within({ role: 'width' }, () => b.binary('maximum', sum, b.constant(leastNormal)));
  const slope = b.within({ role: 'slope' }, () =>
    // A quotient of two equal numbers may come out above 1 where division is not exact to the last bit.
    b.binary('minimum', b.binary('div', positive, width), b.constant(1)),
  );
  const height = b.within({ role: 'band height' }, () =>
    b.binary(
      'maximum',
      b.binary('mul', slope, negative),
      b.binary('mul', b.binary('sub', b.constant(1), slope), positive),
    ),
  );
  const offset = b.within({ role: 'band offset' }, () => b.binary('mul', height, b.constant(0.5)));
  const radius = b.within({ role: 'band radius' }, () => {
    const floored = b.binary('add', height, b.constant(32 * leastNormal));
    const rounded = b.binary('mul', floored, b.constant(roundedUp(0.5 + 8 * unitRoundoff)));
    // A slope below the normal numbers may be read as 0: the floor pays for the dual that is lost with it.
    const share = b.within({ role: 'rounding' }, () =>
      b.binary('mul', b.binary('add', slope, b.constant(floorOfSizes)), owed),
    );
    return b.binary('add', rounded, share);
  });
  return { slope, offset, radius };
}

function partsOf(b: ProgramBuilder, { lower, upper }: BoundValues) {
  const positive = b.within({ role: 'positive' }, () => b.unary('relu', upper));
  const below = b.within({ role: 'minus lower' }, () => b.unary('neg', lower));
  const negative = b.within({ role: 'negative' }, () => b.unary('relu', below));
  const sum = b.within({ role: 'width' }, () => b.binary('add', positive, negative));
  return { positive, negative, sum };
}

/** `slope·c + offset`. */
export const throughBand = (b: ProgramBuilder, centre: ValueId, band: BandValues): ValueId =>
  b.binary('add', b.binary('mul', band.slope, centre), band.offset);
