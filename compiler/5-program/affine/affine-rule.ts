/** What an affine kind has to say to the lowerings. Every field is asked for: what a kind has not, it says with null. */
import type { Pair } from '../../3-dual/dual.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { Shape } from '../../shared/shape.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { AffineMap } from './affine-map.ts';

export interface AffineRule<L> {
  /** `x` is `[n, …input]`, the result `[n, …layer]`. */
  readonly forward: (b: ProgramBuilder, layer: L, x: ValueId, map: AffineMap) => ValueId;
  /** `ν ← Wᵀ ν`: `[n, …layer] → [n, …inputShape]`. */
  readonly transposed: (b: ProgramBuilder, layer: L, dual: ValueId, inputShape: Shape) => ValueId;
  /**
   * The same on a window of the layer's map, `[n, …window, channels]`: the whole window of the input that it reads, `[n, …inputWindow,
   * channels]`, what of it lies in the padding included. Null exactly when the layer has no `window` (it leaves maps).
   */
  readonly transposedOnWindow:
    | ((b: ProgramBuilder, layer: L, dual: ValueId, inputWindow: Pair, inputShape: Shape) => ValueId)
    | null;
  /** What rows of the identity become behind the layer, all of them, `[size, …inputShape]`, where the weights are just that; else null. */
  readonly rows: ((b: ProgramBuilder, layer: L, inputShape: Shape) => ValueId) | null;
  /**
   * How many products of each sum are not certainly 0, where `live`, `[batch, …input]`, is 1 for entries that may not be 0: broadcasts to
   * `[batch, …layer]`. Null when the layer adds nothing up, or does not tell.
   */
  readonly liveProducts: ((b: ProgramBuilder, layer: L, live: ValueId) => ValueId) | null;
}
