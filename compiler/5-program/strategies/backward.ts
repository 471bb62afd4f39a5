/** Backward: rows of the identity walk to the input, a chunk of them at a time. */
import type { Bound } from '../../3-dual/dual.ts';
import type { ValueId } from '../../shared/ids.ts';
import { batch } from '../dim.ts';
import { inChunks } from '../lower/in-chunks.ts';
import { type Lowering, layerOf, stack } from '../lower/lowering.ts';
import type { Norms } from '../lower/norms.ts';
import { type Met, walkDual } from '../lower/walk-dual.ts';

export interface BackwardRows {
  /** How many walk at once. */
  readonly chunk: number;
  /** Which of them walk, `[count]`, in a multiple of chunks, filled up with −1; null for all. */
  readonly rows: ValueId | null;
}

/**
 * What the rows reach around the centre of the bounded layer, for each of the sides that they are walked from: `[batch, …layer]`, or
 * `[batch, count]` for some of the rows, in the order of their list.
 */
export function lowerBackward(
  lowering: Lowering,
  bound: Bound,
  { chunk, rows }: BackwardRows,
  sides: readonly Met[],
): readonly Norms[] {
  const b = lowering.builder;
  const norms = inChunks(b, { rows: bound.rowCount, size: chunk, list: rows }, indices =>
    sides.map(met =>
      walkDual(
        lowering,
        bound,
        { value: 'identity', perExample: false },
        { rows: chunk, indices, atNonlinearity: met },
      ),
    ),
  );
  if (rows !== null) return norms;
  const shape = stack(batch, layerOf(lowering, bound.of).shape);
  return norms.map(({ value, roundings }) => ({
    value: b.within({ role: 'reach' }, () => b.reshape(value, shape)),
    roundings,
  }));
}
