/**
 * The better of several bounds, entry by entry. Each holds by itself, so the larger of the lower ones holds, and the smaller of the upper
 * ones; rounding is part of each already, and a comparison rounds nothing.
 *
 * Where nothing is certified the same number is computed as `a + max(b − a, 0)`: where both are equal, as they are behind neurons that
 * are all stable, its gradient is that of the first, while a maximum has none at a tie.
 */
import { found } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { Lowering } from '../lower/lowering.ts';

export function betterOf(
  { builder: b, float32 }: Lowering,
  kind: 'largest' | 'smallest',
  values: readonly ValueId[],
): ValueId {
  const larger = (one: ValueId, other: ValueId): ValueId =>
    float32 === null
      ? b.binary('add', one, b.unary('relu', b.binary('sub', other, one)))
      : b.binary('maximum', one, other);
  const smaller = (one: ValueId, other: ValueId): ValueId =>
    float32 === null
      ? b.binary('sub', one, b.unary('relu', b.binary('sub', one, other)))
      : b.binary('minimum', one, other);
  return values.slice(1).reduce(kind === 'largest' ? larger : smaller, found(values[0], 'a bound'));
}
