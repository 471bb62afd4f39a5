/** What a row becomes at a relaxation: positive entries meet one of its lines, negative ones the other. */
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { Relaxation } from '../relaxation/relaxation.ts';

/** From below, positive entries meet the lower line; from above, the rows `−ν` of that bound are walked as `ν`, and the lines change places. */
export type Side = 'lower' | 'upper';

/** @param scale multiplies rows with the slopes of their example */
export function slopesMet(
  b: ProgramBuilder,
  dual: ValueId,
  relaxation: Relaxation,
  side: Side,
  scale: (rows: ValueId, slope: ValueId) => ValueId,
): ValueId {
  if (relaxation.form === 'band') return scale(dual, relaxation.slope);
  const { lowerSlope, upperSlope } = relaxation;
  const [ofPositive, ofNegative] = side === 'lower' ? [lowerSlope, upperSlope] : [upperSlope, lowerSlope];
  // One of the two is 0 for every entry: the difference and the sum round nothing.
  const positive = b.within({ role: 'positive dual' }, () => b.unary('relu', dual));
  const negative = b.within({ role: 'negative dual' }, () => b.binary('sub', dual, positive));
  return b.binary('add', scale(positive, ofPositive), scale(negative, ofNegative));
}
