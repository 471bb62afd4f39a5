/** Backward: every row of the identity walks to the input, a chunk of rows at a time. */
import type { Bound } from '../../3-dual/dual.ts';
import { batch } from '../dim.ts';
import { inChunks } from './in-chunks.ts';
import { type Lowering, layerOf, stack } from './lowering.ts';
import type { Norms } from './norms.ts';
import { walkDual } from './walk-dual.ts';

/** Radius around the centre of the bounded layer, `[batch, …layer]`. */
export function lowerBackward(lowering: Lowering, bound: Bound, chunk: number): Norms {
  const b = lowering.builder;
  const options = { rows: chunk, atNonlinearity: 'band' } as const;
  const walk = (): Norms => walkDual(lowering, bound, { value: 'identity', perExample: false }, options);
  const shape = stack(batch, layerOf(lowering, bound.of).shape);
  const { value, roundings } = inChunks(b, bound.rowCount, chunk, walk);
  return { value: b.reshape(value, shape), roundings };
}
