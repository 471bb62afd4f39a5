/** Backward: every row of the identity walks to the input, a chunk of rows at a time. */
import type { Bound } from '../../3-dual/dual.ts';
import type { ValueId } from '../../shared/ids.ts';
import { batch } from '../dim.ts';
import { type Lowering, layerOf, stack } from './lowering.ts';
import { walkDual } from './walk-dual.ts';

/** Radius around the centre of the bounded layer, `[batch, …layer]`. */
export function lowerBackward(lowering: Lowering, bound: Bound, chunk: number): ValueId {
  const b = lowering.builder;
  const walk = (): ValueId =>
    walkDual(lowering, bound, { value: 'identity', perExample: false }, { rows: chunk, atNonlinearity: 'band' });
  const radius =
    chunk === bound.rowCount
      ? walk()
      : b.append({ kind: 'chunked', rows: bound.rowCount, size: chunk, block: b.block(() => [walk()]) });
  return b.reshape(radius, stack(batch, layerOf(lowering, bound.of).shape));
}
