/**
 * From the norms that a walk met to a bound that holds for the network as it runs: what rounding may have hidden is put on top.
 *
 *     half width = norms · (1 + γ) + share · size + underflow,   then `lower = c − half width`, `upper = c + half width`
 */
import { gamma, roundedUp, unitRoundoff } from '../../shared/float32.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import type { CentreKind, Float32Lowering, Lowering } from './lowering.ts';
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
 * the roundings of the last sums, `c ± half width`.
 */
export function owedAt(lowering: Lowering, float32: Float32Lowering, id: LayerId, around: CentreKind): ValueId {
  const b = lowering.builder;
  const { share, slack } = float32.shareOf(id);
  const factor = roundedUp((share + 8 * unitRoundoff) * (1 + slack) * (1 + 8 * unitRoundoff));
  const size = sizeOf(lowering, id, around);
  return b.within({ role: 'rounding' }, () => b.binary('mul', size, b.constant(factor)));
}

/** The half width of a bound whose rows are the entries of `id`. */
export function halfWidthOf(lowering: Lowering, id: LayerId, norms: Norms): ValueId {
  const { builder: b, float32 } = lowering;
  const inflated = inflatedNorms(lowering, norms);
  if (float32 === null) return inflated;
  const owed = owedAt(lowering, float32, id, 'dual');
  const underflow = underflowOf(lowering, float32, 'dual');
  const halfWidth = b.within({ role: 'half width' }, () =>
    b.binary('add', b.binary('add', inflated, owed), perExample(lowering, underflow, b.shapeOf(owed))),
  );
  chargeHalfWidth(lowering, float32, halfWidth);
  return halfWidth;
}
