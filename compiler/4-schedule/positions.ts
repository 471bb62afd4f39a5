/** How many windows cover the map that a bound is of. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';

export const positionsOf = (bound: Bound, dual: DualNetwork): number =>
  bound.rowCount / (dual.layers.get(bound.of)?.shape.at(-1) ?? 1);
