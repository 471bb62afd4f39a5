/** What the lowerings of the parts of one program share: the builder, and the values found so far. */

import type { Layer, LayerGraph, LayerOf } from '../../2-graph/layer.ts';
import type { DualNetwork } from '../../3-dual/dual.ts';
import type { Arithmetic } from '../../4-schedule/plan.ts';
import type { RoundingTable, RoundingTerms } from '../../4-schedule/rounding-terms.ts';
import { found } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import type { Shape } from '../../shared/shape.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { Dim, ProgramShape } from '../dim.ts';
import type { Origin } from '../tensor-program.ts';
import { type ErrorShare, errorShares } from './error-share.ts';

/** The ball around `x`: its centre and per-entry radius `[batch, …input]`; for l2 `radius` is the one ε of every example, `[]`. */
export interface BallValues {
  readonly centre: ValueId;
  readonly radius: ValueId;
}

/** `σ(z) ∈ slope·z + offset ± radius`, each `[batch, …layer]`. For ReLU offset and radius are one, but for what rounding adds to the latter. */
export interface BandValues {
  readonly slope: ValueId;
  readonly offset: ValueId;
  readonly radius: ValueId;
}

export interface BoundValues {
  readonly lower: ValueId;
  readonly upper: ValueId;
}

/** Sketch of what lies around a centre, `[k·batch, …]` or, as long as no band was met, `[k, …]`; see `sketch.ts`. */
export interface SketchValues {
  readonly cauchy: ValueId | null;
  readonly normal: { readonly value: ValueId; readonly perExample: boolean } | null;
}

/** Around which centre something lies: that of the dual bounds, or that of the interval. */
export type CentreKind = 'dual' | 'interval';

/** What rounding terms are made of while a program is lowered; see `error-share.ts`, `size.ts`, `outward.ts`. */
export interface Float32Lowering {
  readonly terms: (id: LayerId) => RoundingTerms;
  readonly shareOf: (id: LayerId) => ErrorShare;
  /** Products and additions behind an entry of the dual that arrives at this layer, from all of its readers: each may be flushed. */
  readonly flushesOfReaders: (id: LayerId) => number;
  /** What flushing to zero may cost so far, `[batch]`, and the sizes that it counts. */
  underflow: ValueId | null;
  /** Radii of intervals that it does not count yet. */
  readonly radii: ValueId[];
  readonly charged: Set<ValueId>;
}

export interface Lowering {
  readonly builder: ProgramBuilder;
  readonly dual: DualNetwork;
  readonly layers: ReadonlyMap<LayerId, Layer>;
  ball: BallValues | null;
  /** By bound name. */
  readonly bounds: Map<string, BoundValues>;
  readonly bands: Map<string, BandValues>;
  /** By layer. */
  readonly centres: Map<LayerId, ValueId>;
  readonly intervals: Map<LayerId, BallValues>;
  readonly sketches: Map<LayerId, SketchValues>;
  /** By layer. */
  readonly sizes: { readonly [Kind in CentreKind]: Map<LayerId, ValueId> };
  /** Null when bounds are computed as if nothing were rounded. */
  readonly float32: Float32Lowering | null;
}

export function startLowering(builder: ProgramBuilder, dual: DualNetwork, arithmetic: Arithmetic): Lowering {
  return {
    builder,
    dual,
    layers: new Map(dual.graph.layers.map(layer => [layer.id, layer])),
    ball: null,
    bounds: new Map(),
    bands: new Map(),
    centres: new Map(),
    intervals: new Map(),
    sketches: new Map(),
    sizes: { dual: new Map(), interval: new Map() },
    float32: arithmetic.kind === 'real' ? null : startFloat32(dual.graph, arithmetic.roundings),
  };
}

function startFloat32(graph: LayerGraph, roundings: RoundingTable): Float32Lowering {
  const terms = (id: LayerId): RoundingTerms => found(roundings.get(id), `roundings of ${id}`);
  const shares = errorShares(graph, roundings);
  const flushes = new Map<LayerId, number>();
  for (const { id, inputs } of graph.layers)
    for (const input of inputs) flushes.set(input, (flushes.get(input) ?? 0) + terms(id).backward + 1);
  return {
    terms,
    shareOf: id => found(shares.get(id), `error share of ${id}`),
    flushesOfReaders: id => flushes.get(id) ?? 0,
    underflow: null,
    radii: [],
    charged: new Set(),
  };
}

export const layerOf = (lowering: Lowering, id: LayerId): Layer => found(lowering.layers.get(id), `layer ${id}`);

export const inputOf = (layer: Layer): LayerId => found(layer.inputs[0], `input of ${layer.id}`);

export function bandOf(lowering: Lowering, relu: LayerOf<'relu'>): BandValues {
  const bound = found(lowering.dual.boundOfNonlinearity.get(relu.id), `bound of ${relu.id}`);
  return found(lowering.bands.get(bound), `band of ${relu.id}`);
}

/**
 * The value of a layer, computed when first asked for, as are those of the layers it is computed from. What a recursion
 * would do, without its stack: networks are deeper than that.
 */
export function valueAt<T>(
  lowering: Lowering,
  id: LayerId,
  known: Map<LayerId, T>,
  computedFrom: (layer: Layer) => readonly LayerId[],
  compute: (layer: Layer) => T,
): T {
  const waiting = [id];
  for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
    const layer = layerOf(lowering, next);
    const missing = known.has(next) ? undefined : computedFrom(layer).find(input => !known.has(input));
    if (missing !== undefined) {
      waiting.push(missing);
      continue;
    }
    if (!known.has(next)) known.set(next, compute(layer));
    waiting.pop();
  }
  return found(known.get(id), `value of ${id}`);
}

export const originOf = (layer: Layer, role: string): Partial<Origin> => ({ layer: layer.id, role, span: layer.span });

/** `[n, …shape]`. */
export const stack = (n: Dim, shape: Shape): ProgramShape => [n, ...shape];
