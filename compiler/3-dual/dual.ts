/**
 * The dual network: for every bound, the walk from the bounded layer back to the input.
 *
 * Paper symbols (Wong et al. 2018), spelled once: `ν` is `dual`, the coefficient that a row puts on a layer's output;
 * `ẑ` is the input of a nonlinearity, bounded by `ℓ` (lower) and `u` (upper); `d` is the `slope` of a band; `J` are the `margins`.
 *
 * Every nonlinearity lies in a band, `σ(z) ∈ slope·z + offset ± radius` for `z ∈ [lower, upper]`, so that for a row
 *
 *     row · f(x') ∈ row · c_f ± ( Σ_i ⟨radius_i, |ν_i|⟩ + ball(ν_0) )      for every x' in the ball,
 *
 * where the centre `c` runs forward (`c ← W c + b`, `c ← slope·c + offset`) and `ν` runs backward (`ν ← Wᵀ ν`, `ν ← slope·ν`).
 * (`5-program/relaxation/relaxation.ts` has the same for two lines of different slopes.)
 *
 * For ReLU this is the paper's dual layer (eq. 13 as corrected in its errata): with `slope = u/(u − ℓ)` and
 * `offset = radius = −slope·ℓ/2` the centre's share `offset·ν` and the norm's share `−radius·|ν|` add up to
 * `ℓ·slope·[ν]₊` when `ν` is counted with the paper's sign.
 */
import type { Layer, LayerGraph } from '../2-graph/layer.ts';
import type { LayerId } from '../shared/ids.ts';

/** One step backward; `of` is the layer whose output carries the dual before the step. */
export type DualStep =
  /** Several layers read this one: its dual is the sum of what they send back (a fan-out, reversed). */
  | { readonly kind: 'sum'; readonly of: LayerId; readonly from: readonly LayerId[] }
  /** `ν ← Wᵀ ν`. */
  | { readonly kind: 'transpose'; readonly of: LayerId; readonly to: LayerId }
  /** Every operand of an `add` gets the dual of the sum (a skip connection, reversed). */
  | { readonly kind: 'copy'; readonly of: LayerId; readonly to: readonly LayerId[] }
  /** Every operand of a `concat` gets its part of the dual, in order. */
  | { readonly kind: 'cut'; readonly of: LayerId; readonly to: readonly LayerId[] }
  /** Subtract `⟨radius, |ν|⟩`, then `ν ← slope·ν`; slope and radius are those of the nonlinearity's relaxation. */
  | { readonly kind: 'relax'; readonly of: LayerId; readonly to: LayerId; readonly reads: LayerId }
  /**
   * Subtract the ball's dual norm of `ν`. `of` is the input, or where layers behind it only scale its entries: `⟨r_0, |Wᵀν|⟩ = ⟨|W| r_0, |ν|⟩` for
   * a diagonal `W`, so that the radius goes forward once instead of every row back.
   */
  | { readonly kind: 'ball'; readonly of: LayerId };

/**
 * The steps from a layer back to the input, every layer once, in reverse topological order. Where all paths from the layer
 * meet again, the rest is the walk of the layer where they meet: one object, so that the walks of all bounds together take
 * as much room as the network and not its square. Iterating goes all the way.
 */
export interface Walk extends Iterable<DualStep> {
  /** To the layer where the paths meet, the sum of its duals included. */
  readonly steps: readonly DualStep[];
  /** From that layer's own step on; null at the input. */
  readonly rest: Walk | null;
}

export type Pair = readonly [number, number];

/** Which part of a map one position of a later map depends on: `size` rows and columns, the first at `position · strides + offset`. */
export interface WindowView {
  readonly strides: Pair;
  readonly offset: Pair;
  readonly size: Pair;
}

/** The bound that the walk proves: of the input of a nonlinearity, or of the margins. */
export interface Bound {
  /** The first nonlinearity that reads `of`, or `margins`. */
  readonly name: string;
  /** The layer whose output is bounded. */
  readonly of: LayerId;
  /** Identity rows, one per entry of `of`, or `e_label − e_t`, one per class. */
  readonly rows: 'identity' | 'margins';
  readonly rowCount: number;
  readonly walk: Walk;
  /**
   * The receptive field of one position at every layer of the walk; null when the walk leaves maps. See `receptive-fields.ts`.
   * Worked out whenever it is read: few readers, and kept for every bound they would be the square of the network.
   */
  readonly fields: ReadonlyMap<LayerId, WindowView> | null;
}

export interface DualNetwork {
  readonly graph: LayerGraph;
  /** The layers of the graph by their names. */
  readonly layers: ReadonlyMap<LayerId, Layer>;
  /** Every bound after those it needs; the last is the one of the margins. */
  readonly bounds: readonly Bound[];
  /** Which bound speaks of a nonlinearity's input. Two nonlinearities that read the same layer share one. */
  readonly boundOfNonlinearity: ReadonlyMap<LayerId, string>;
}
