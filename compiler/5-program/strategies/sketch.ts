/**
 * The merged sketch (design, section 5). What a layer's output can deviate from its centre is a sum of generators,
 * `Σ_i ⟨g_i, ξ_i⟩` with `|ξ_i| ≤ 1`, whose radius is the l1 norm of the vector of all `g_i`. With i.i.d. standard Cauchy
 * draws `C` the product `S = Σ_i g_i C_i` is Cauchy with that norm as its scale (1-stability), so `k` columns estimate it:
 *
 *     S ← diag(r_0) C_0          at the ball
 *     S ← W S                    affine, no bias; an `add` adds, a fan-out copies
 *     S ← slope·S + diag(radius) C_i   at a band
 *
 * An l2 ball is not a sum of such generators. Its share, `ε·‖ν_0‖₂`, is estimated by normal draws carried beside the
 * Cauchy ones: `N = ε·Σ_j ν_0j G_j` is normal with that standard deviation, so `sqrt(Σ N²/k)` estimates it.
 *
 * Apart, each layer's generators keep a sketch of their own, and the estimates of all of them are added up: the paper's Algorithm 1, whose estimate for
 * a positive part, `Σ_j ℓ_j [ν_j]₊ = ½·Σ_j ℓ_j ν_j + ½·Σ_j ℓ_j |ν_j|`, is this one around the centre of the band. It takes the square of the depth.
 *
 * The draws of one call are shared by the examples of a batch. Estimates are not bounds: they train, they never certify.
 */

import type { Layer } from '../../2-graph/layer.ts';
import type { NonlinearityLayer } from '../../2-graph/roles.ts';
import type { SketchStrategy } from '../../4-schedule/plan.ts';
import { found, invariant } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { type Shape, sizeOf } from '../../shared/shape.ts';
import { applyLayer } from '../affine/affine-rules.ts';
import { batch, type Dim, timesDim } from '../dim.ts';
import { ballOf } from '../lower/ball.ts';
import { addAll, joined } from '../lower/centre.ts';
import { type ForwardPass, passTo } from '../lower/forward-pass.ts';
import {
  type CauchySketch,
  type Lowering,
  layerOf,
  originOf,
  relaxationOf,
  type SketchValues,
  stack,
} from '../lower/lowering.ts';

/** Estimated radius of a layer's output around its centre, `[batch, …layer]`. */
export function sketchedRadius(lowering: Lowering, id: LayerId, strategy: SketchStrategy): ValueId {
  const b = lowering.builder;
  const { projections, estimator } = strategy;
  const { shape } = layerOf(lowering, id);
  const { cauchy, normal } = passTo(id, sketchPass(lowering, strategy), lowering.sketches, lowering.layers);
  const parts = cauchy.map(({ of, value }) => {
    const samples = b.within({ role: roleOf(of, 'samples') }, () =>
      b.reshape(value, [batch, projections, sizeOf(shape)]),
    );
    return b.within({ role: roleOf(of, 'scale') }, () => b.append({ kind: 'cauchyScale', estimator }, [samples]));
  });
  if (normal !== null)
    parts.push(b.within({ role: 'ball radius' }, () => normalDeviation(lowering, normal, projections, shape)));
  const radius = parts.length > 1 ? b.within({ role: 'radius' }, () => addAll(b, parts)) : found(parts[0], 'a sketch');
  return b.within({ role: 'radius' }, () => b.reshape(radius, stack(batch, shape)));
}

/** Sketches that are apart are told by the layers that they are of. */
const roleOf = (of: LayerId | null, what: string): string => (of === null ? what : `${of} ${what}`);

function normalDeviation(
  lowering: Lowering,
  normal: NonNullable<SketchValues['normal']>,
  k: number,
  shape: Shape,
): ValueId {
  const b = lowering.builder;
  const size = sizeOf(shape);
  const squares = b.sum(b.unary('square', b.reshape(normal.value, [normal.perExample ? batch : 1, k, size])), [1]);
  const deviation = b.unary('sqrt', b.binary('add', b.binary('mul', squares, b.constant(1 / k)), b.constant(1e-30)));
  return normal.perExample ? deviation : b.append({ kind: 'broadcast', shape: [batch, size] }, [deviation]);
}

function sketchPass(lowering: Lowering, { kind, projections: k }: SketchStrategy): ForwardPass<SketchValues> {
  const { builder: b } = lowering;
  const isMerged = kind === 'sketch';
  return {
    input: layer => b.within(originOf(layer, 'sketch'), () => sketchOfBall(lowering, layer, k, isMerged)),
    affine: (layer, { cauchy, normal }) => ({
      cauchy: cauchy.map(({ of, value }) => ({
        of,
        value: applyLayer(b, layer, value, 'linear', roleOf(of, 'sketch')),
      })),
      normal:
        normal === null ? null : { ...normal, value: applyLayer(b, layer, normal.value, 'linear', 'normal sketch') },
    }),
    nonlinearity: {
      kind: 'through',
      at: (layer, x) => b.within(originOf(layer, 'sketch'), () => throughBand(lowering, layer, x, k, isMerged)),
    },
    sum: (layer, operands) => b.within(originOf(layer, 'sketch'), () => sumSketches(lowering, layer, operands, k)),
    concat: (layer, operands) => b.within(originOf(layer, 'sketch'), () => joinSketches(lowering, layer, operands, k)),
  };
}

function sketchOfBall(lowering: Lowering, input: Layer, k: number, isMerged: boolean): SketchValues {
  const { builder: b, dual } = lowering;
  const { radius } = ballOf(lowering);
  if (dual.graph.ball.norm === 'linf') {
    const value = freshDraws(lowering, input, radius, k);
    return { cauchy: [{ of: isMerged ? null : input.id, value }], normal: null };
  }
  const draws = b.append({ kind: 'noise', distribution: 'normal', stream: input.id, shape: stack(k, input.shape) });
  return { cauchy: [], normal: { value: b.binary('mul', draws, radius), perExample: false } };
}

/** `diag(radius) C`: `[k·batch, …layer]`, examples outermost. */
function freshDraws(lowering: Lowering, layer: Layer, radius: ValueId, k: number): ValueId {
  const b = lowering.builder;
  const draws = b.within({ role: 'draws' }, () =>
    b.append({ kind: 'noise', distribution: 'cauchy', stream: layer.id, shape: stack(k, layer.shape) }),
  );
  return b.within({ role: 'fresh sketch' }, () => b.append({ kind: 'scaledRows', rows: k }, [draws, radius]));
}

function throughBand(
  lowering: Lowering,
  layer: NonlinearityLayer,
  { cauchy, normal }: SketchValues,
  k: number,
  isMerged: boolean,
): SketchValues {
  const b = lowering.builder;
  const band = relaxationOf(lowering, 'band', layer);
  invariant(band.form === 'band', 'a sketch is carried by one slope, whatever the sign');
  const { slope, radius } = band;
  const scaled = (value: ValueId): ValueId => b.append({ kind: 'scaledRows', rows: k }, [value, slope]);
  const fresh = freshDraws(lowering, layer, radius, k);
  const before = cauchy.map(({ of, value }) => ({
    of,
    value: of === null ? scaled(value) : b.within({ role: roleOf(of, 'sketch') }, () => scaled(value)),
  }));
  return {
    cauchy: isMerged
      ? [{ of: null, value: addAll(b, [...before.map(({ value }) => value), fresh]) }]
      : [...before, { of: layer.id, value: fresh }],
    normal:
      normal === null
        ? null
        : { value: b.within({ role: 'normal sketch' }, () => scaled(normal.value)), perExample: true },
  };
}

/** The layers whose generators are in any of them, in order; one null where all are together. */
const sourcesIn = (sketches: readonly SketchValues[]): (LayerId | null)[] => [
  ...new Set(sketches.flatMap(({ cauchy }) => cauchy.map(({ of }) => of))),
];

const sketchOf = ({ cauchy }: SketchValues, source: LayerId | null): ValueId | null =>
  cauchy.find(({ of }) => of === source)?.value ?? null;

/** One sketch for each source, made of what the operands have of it. */
const ofEachSource = (
  { builder: b }: Lowering,
  sketches: readonly SketchValues[],
  make: (values: readonly (ValueId | null)[]) => ValueId,
): CauchySketch[] =>
  sourcesIn(sketches).map(of => {
    const values = sketches.map(sketch => sketchOf(sketch, of));
    return { of, value: of === null ? make(values) : b.within({ role: roleOf(of, 'sketch') }, () => make(values)) };
  });

function sumSketches(lowering: Lowering, layer: Layer, sketches: readonly SketchValues[], k: number): SketchValues {
  const b = lowering.builder;
  const normal = sketches.flatMap(sketch => (sketch.normal === null ? [] : [sketch.normal]));
  const size = sizeOf(layer.shape);
  const perExample = normal.some(part => part.perExample);
  const grouped = normal.map(part => b.reshape(part.value, [part.perExample ? batch : 1, k, size]));
  return {
    cauchy: ofEachSource(lowering, sketches, values =>
      addAll(
        b,
        values.flatMap(value => value ?? []),
      ),
    ),
    normal:
      grouped.length === 0
        ? null
        : { value: b.reshape(addAll(b, grouped), stack(perExample ? timesDim(batch, k) : k, layer.shape)), perExample },
  };
}

/** Each part of the joined vector has its own generators; one that has none so far is 0 there. */
function joinSketches(lowering: Lowering, layer: Layer, sketches: readonly SketchValues[], k: number): SketchValues {
  const b = lowering.builder;
  const shapes = layer.inputs.map(input => layerOf(lowering, input).shape);
  const parts = shapes.map((shape, index) => ({ shape, ...found(sketches[index], 'a sketch') }));
  const zeros = (leading: Dim, shape: Shape): ValueId =>
    b.append({ kind: 'broadcast', shape: stack(leading, shape) }, [b.constant(0)]);
  const cauchy = ofEachSource(lowering, sketches, values =>
    joined(
      b,
      parts.map(({ shape }, index) => values[index] ?? zeros(timesDim(batch, k), shape)),
    ),
  );
  if (parts.every(part => part.normal === null)) return { cauchy, normal: null };
  const perExample = parts.some(part => part.normal?.perExample === true);
  const leading = perExample ? timesDim(batch, k) : k;
  const normal = parts.map(part => {
    if (part.normal === null) return zeros(leading, part.shape);
    if (part.normal.perExample === perExample) return part.normal.value;
    const repeated = b.append({ kind: 'broadcast', shape: [batch, k, sizeOf(part.shape)] }, [
      b.reshape(part.normal.value, [1, k, sizeOf(part.shape)]),
    ]);
    return b.reshape(repeated, stack(leading, part.shape));
  });
  return { cauchy, normal: { value: joined(b, normal), perExample } };
}
