/** What the lowerings of the parts of one program share: the builder, and the values found so far. */

import type { Layer, LayerGraph } from '../../2-graph/layer.ts';
import { type AffineLayer, hasRole, type NonlinearityLayer } from '../../2-graph/roles.ts';
import type { DualNetwork } from '../../3-dual/dual.ts';
import type { Arithmetic, RelaxationKind } from '../../4-schedule/plan.ts';
import type { RoundingTable, RoundingTerms } from '../../4-schedule/rounding-terms.ts';
import { addTo } from '../../shared/add-to.ts';
import { found, invariant } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import type { Shape } from '../../shared/shape.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { Dim, ProgramShape } from '../dim.ts';
import type { BoundValues } from '../relaxation/lines.ts';
import type { Relaxation } from '../relaxation/relaxation.ts';
import type { Origin } from '../tensor-program.ts';
import { type ErrorShare, errorShares } from './error-share.ts';

/** The ball around `x`: its centre and per-entry radius `[batch, …input]`; for l2 `radius` is the one ε of every example, `[]`. */
export interface BallValues {
  readonly centre: ValueId;
  readonly radius: ValueId;
}

/** Sketches of what lies around a centre, `[k·batch, …]` or, as long as no band was met, `[k, …]`; see `sketch.ts`. */
export interface SketchValues {
  readonly cauchy: readonly CauchySketch[];
  readonly normal: { readonly value: ValueId; readonly perExample: boolean } | null;
}

/** What some generators become behind a layer. */
export interface CauchySketch {
  /** The layer that they arise at; null for those of all layers together. */
  readonly of: LayerId | null;
  readonly value: ValueId;
}

/** Around which centre something lies: that of a walk through one kind of relaxation, or that of the interval. */
export type CentreKind = RelaxationKind | 'interval';

/** By layer. */
export type PerCentre<T> = { readonly [Kind in CentreKind]: Map<LayerId, T> };

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
  /** Nonlinearities by the name of the bound of their input. */
  readonly readers: ReadonlyMap<string, readonly LayerId[]>;
  ball: BallValues | null;
  /** The radius of an l∞ ball at the layer where walks end. */
  radiusAtEnd: { readonly at: LayerId; readonly value: ValueId } | null;
  /** By bound name. */
  readonly bounds: Map<string, BoundValues>;
  /** By nonlinearity. */
  readonly relaxations: { readonly [Kind in RelaxationKind]: Map<LayerId, Relaxation> };
  /** By layer. */
  readonly centres: { readonly [Kind in RelaxationKind]: Map<LayerId, ValueId> };
  readonly intervals: Map<LayerId, BallValues>;
  readonly sketches: Map<LayerId, SketchValues>;
  readonly sizes: PerCentre<ValueId>;
  /** Null when bounds are computed as if nothing were rounded. */
  readonly float32: Float32Lowering | null;
}

export function startLowering(builder: ProgramBuilder, dual: DualNetwork, arithmetic: Arithmetic): Lowering {
  return {
    builder,
    dual,
    layers: dual.layers,
    readers: readersOf(dual),
    ball: null,
    radiusAtEnd: null,
    bounds: new Map(),
    relaxations: { band: new Map(), crown: new Map() },
    centres: { band: new Map(), crown: new Map() },
    intervals: new Map(),
    sketches: new Map(),
    sizes: { band: new Map(), crown: new Map(), interval: new Map() },
    float32: arithmetic.kind === 'real' ? null : startFloat32(dual.graph, arithmetic.roundings),
  };
}

function readersOf({ boundOfNonlinearity }: DualNetwork): Map<string, LayerId[]> {
  const readers = new Map<string, LayerId[]>();
  for (const [layer, bound] of boundOfNonlinearity) addTo(readers, bound, layer);
  return readers;
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

/** Bounds of the input of a nonlinearity. */
export function boundsOf({ dual, bounds }: Lowering, { id }: NonlinearityLayer): BoundValues {
  const name = found(dual.boundOfNonlinearity.get(id), `bound of ${id}`);
  return found(bounds.get(name), `bounds of ${name}`);
}

export function affineAt(lowering: Lowering, id: LayerId): AffineLayer {
  const layer = layerOf(lowering, id);
  invariant(hasRole(layer, 'affine'), `${id} is no affine layer`);
  return layer;
}

export function nonlinearityAt(lowering: Lowering, id: LayerId): NonlinearityLayer {
  const layer = layerOf(lowering, id);
  invariant(hasRole(layer, 'nonlinearity'), `${id} is no nonlinearity`);
  return layer;
}

export const relaxationOf = ({ relaxations }: Lowering, kind: RelaxationKind, { id }: NonlinearityLayer): Relaxation =>
  found(relaxations[kind].get(id), `${kind} of ${id}`);

export const originOf = (layer: Layer, role: string): Partial<Origin> => ({ layer: layer.id, role, span: layer.span });

/** `[n, …shape]`. */
export const stack = (n: Dim, shape: Shape): ProgramShape => [n, ...shape];
