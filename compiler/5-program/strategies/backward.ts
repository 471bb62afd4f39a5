/** Backward: every row of the identity walks to the input, a chunk of rows at a time. */
import type { Bound } from '../../3-dual/dual.ts';
import { batch } from '../dim.ts';
import { inChunks } from '../lower/in-chunks.ts';
import { type Lowering, layerOf, stack } from '../lower/lowering.ts';
import type { Norms } from '../lower/norms.ts';
import { type Met, walkDual } from '../lower/walk-dual.ts';

/** What the rows reach on one side of the centre of the bounded layer, `[batch, …layer]`. */
export function lowerBackward(lowering: Lowering, bound: Bound, chunk: number, met: Met): Norms {
  const b = lowering.builder;
  const walk = (): Norms =>
    walkDual(lowering, bound, { value: 'identity', perExample: false }, { rows: chunk, atNonlinearity: met });
  const shape = stack(batch, layerOf(lowering, bound.of).shape);
  const { value, roundings } = inChunks(b, bound.rowCount, chunk, walk);
  return { value: b.within({ role: 'radius' }, () => b.reshape(value, shape)), roundings };
}
