/** Backward: rows of the identity walk to the input, some of them at a time. */
import type { Bound } from '../../3-dual/dual.ts';
import { batch } from '../dim.ts';
import { inChunks, type WalkingRows } from '../lower/in-chunks.ts';
import { type Lowering, layerOf, stack } from '../lower/lowering.ts';
import type { Norms } from '../lower/norms.ts';
import { type Met, walkDual } from '../lower/walk-dual.ts';

/**
 * What the rows reach around the centre of the bounded layer, for each of the sides that they are walked from: `[batch, …layer]`, 0 for
 * rows that do not walk.
 */
export function lowerBackward(
  lowering: Lowering,
  bound: Bound,
  walking: WalkingRows,
  sides: readonly Met[],
): readonly Norms[] {
  const b = lowering.builder;
  const { size: rows } = walking;
  const norms = inChunks(b, bound.rowCount, walking, indices =>
    sides.map(met =>
      walkDual(
        lowering,
        bound,
        { value: 'identity', perExample: indices !== null },
        { rows, indices, atNonlinearity: met },
      ),
    ),
  );
  const shape = stack(batch, layerOf(lowering, bound.of).shape);
  return norms.map(({ value, roundings }) => ({
    value: b.within({ role: 'reach' }, () => b.reshape(value, shape)),
    roundings,
  }));
}
