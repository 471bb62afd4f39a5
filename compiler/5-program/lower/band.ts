/**
 * The band of a nonlinearity from the bounds of its input, and the centre behind it.
 *
 * ReLU: with `p = [u]₊` and `n = [−ℓ]₊`, `slope = p/(p + n)` is 1 when `ℓ ≥ 0`, 0 when `u ≤ 0` and `u/(u − ℓ)` between
 * (errata, eq. 13), and `radius = offset = slope·n/2` is 0 in the first two cases. One formula without a mask, so its
 * derivative is the derivative of each case too. When `ℓ = u = 0` the input is exactly 0 and slope 0 holds.
 */
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { BandValues, BoundValues } from './lowering.ts';

/** Keeps 0/0 from happening; it changes no quotient whose denominator is above 1e-22. */
const tiny = 1e-30;

export function reluBand(b: ProgramBuilder, bounds: BoundValues): BandValues {
  const positive = b.within({ role: 'positive' }, () => b.unary('relu', bounds.upper));
  const below = b.within({ role: 'minus lower' }, () => b.unary('neg', bounds.lower));
  const negative = b.within({ role: 'negative' }, () => b.unary('relu', below));
  const sum = b.within({ role: 'width' }, () => b.binary('add', b.binary('add', positive, negative), b.constant(tiny)));
  const slope = b.within({ role: 'slope' }, () => b.binary('div', positive, sum));
  const radius = b.within({ role: 'band radius' }, () =>
    b.binary('mul', b.binary('mul', slope, negative), b.constant(0.5)),
  );
  return { slope, radius };
}

/** `slope·c + offset`. */
export const throughBand = (b: ProgramBuilder, centre: ValueId, band: BandValues): ValueId =>
  b.binary('add', b.binary('mul', band.slope, centre), band.radius);
