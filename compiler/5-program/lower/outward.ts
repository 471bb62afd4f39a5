/**
 * From the norms that a walk met to a bound that holds for the network as it runs: what rounding may have hidden is put on top.
 *
 *     half width = norms · (1 + γ) + share · size + underflow,   then `lower = c − half width`, `upper = c + half width`
 */

import type { Bound } from '../../3-dual/dual.ts';
import { gamma, roundedUp, unitRoundoff } from '../../shared/float32.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { liveTerms } from './live-terms.ts';
import { type CentreKind, type Float32Lowering, type Lowering, layerOf } from './lowering.ts';
import type { Norms } from './norms.ts';
import { sizeOf } from './size.ts';
import { chargeHalfWidth, perExample, underflowOf } from './underflow.ts';

/** `norms · (1 + γ)`; the norms themselves where nothing is rounded outward. */
export function inflatedNorms({ builder: b, float32 }: Lowering, { value, roundings }: Norms): ValueId {
  if (float32 === null) return value;
  return b.within({ role: 'radius' }, () => b.binary('mul', value, b.constant(roundedUp(1 + gamma(roundings + 8)))));
}

/**
 * What is owed at the layer where the rows of a bound start, for each of its entries, `[batch, …layer]`: the share of its size, and
 * the roundings of the last sums, `c ± half width`. Behind a nonlinearity the share is that of the products with entries that are
 * not known to be 0: `γ_k ≤ k · γ_n/n`.
 */
export function owedAt(lowering: Lowering, float32: Float32Lowering, id: LayerId, around: CentreKind): ValueId {
  const b = lowering.builder;
  const { share, perProduct, slack } = float32.shareOf(id);
  const up = (1 + slack) * (1 + 16 * unitRoundoff);
  const size = sizeOf(lowering, id, around);
  const live = liveTerms(lowering, layerOf(lowering, id));
  return b.within({ role: 'rounding' }, () => {
    if (live === null) return b.binary('mul', size, b.constant(roundedUp((share + 8 * unitRoundoff) * up)));
    const fixed = share - float32.terms(id).products * perProduct + 8 * unitRoundoff;
    const rate = b.within({ role: 'rounding share' }, () =>
      b.binary('add', b.binary('mul', live, b.constant(roundedUp(perProduct * up))), b.constant(roundedUp(fixed * up))),
    );
    return b.binary('mul', size, rate);
  });
}

/** What a centre and what is owed around it make of each other, the same at every layer. */
export const partOfBounds = ({ name }: Bound): string => `bounds of ${name}`;

/** The half width of a bound. */
export function halfWidthOf(lowering: Lowering, bound: Bound, norms: Norms, around: CentreKind): ValueId {
  const { builder: b, float32 } = lowering;
  const inflated = inflatedNorms(lowering, norms);
  if (float32 === null) return inflated;
  const owed = owedAt(lowering, float32, bound.of, around);
  const underflow = underflowOf(lowering, float32, around);
  return b.within({ part: partOfBounds(bound) }, () => {
    const halfWidth = b.within({ role: 'half width' }, () =>
      b.binary('add', b.binary('add', inflated, owed), perExample(lowering, underflow, b.shapeOf(owed))),
    );
    chargeHalfWidth(lowering, float32, halfWidth);
    return halfWidth;
  });
}
