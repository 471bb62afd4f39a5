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
 * The draws of one call are shared by the examples of a batch. Estimates are not bounds: they train, they never certify.
 */

import type { Layer } from '../../2-graph/layer.ts';
import type { NonlinearityLayer } from '../../2-graph/roles.ts';
import type { ScaleEstimator } from '../../4-schedule/plan.ts';
import { found, invariant } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { type Shape, sizeOf } from '../../shared/shape.ts';
import { applyLayer } from '../affine/affine-rules.ts';
import { batch, type Dim, timesDim } from '../dim.ts';
import { ballOf } from '../lower/ball.ts';
import { addAll, joined } from '../lower/centre.ts';
import { type ForwardPass, passTo } from '../lower/forward-pass.ts';
import { type Lowering, layerOf, originOf, relaxationOf, type SketchValues, stack } from '../lower/lowering.ts';

/** Estimated radius of a layer's output around its centre, `[batch, …layer]`. */
export function sketchedRadius(
  lowering: Lowering,
  id: LayerId,
  projections: number,
  estimator: ScaleEstimator,
): ValueId {
  const b = lowering.builder;
  const { shape } = layerOf(lowering, id);
  const { cauchy, normal } = sketchOf(lowering, id, projections);
  const parts: ValueId[] = [];
  if (cauchy !== null) {
    const samples = b.within({ role: 'samples' }, () => b.reshape(cauchy, [batch, projections, sizeOf(shape)]));
    parts.push(b.within({ role: 'scale' }, () => b.append({ kind: 'cauchyScale', estimator }, [samples])));
  }
  if (normal !== null)
    parts.push(b.within({ role: 'ball radius' }, () => normalDeviation(lowering, normal, projections, shape)));
  const radius = parts.length > 1 ? b.within({ role: 'radius' }, () => addAll(b, parts)) : found(parts[0], 'a sketch');
  return b.within({ role: 'radius' }, () => b.reshape(radius, stack(batch, shape)));
}

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

const sketchOf = (lowering: Lowering, id: LayerId, k: number): SketchValues =>
  passTo(id, sketchPass(lowering, k), lowering.sketches, lowering.layers);

function sketchPass(lowering: Lowering, k: number): ForwardPass<SketchValues> {
  const { builder: b } = lowering;
  return {
    input: layer => b.within(originOf(layer, 'sketch'), () => sketchOfBall(lowering, layer, k)),
    affine: (layer, { cauchy, normal }) => ({
      cauchy: cauchy === null ? null : applyLayer(b, layer, cauchy, 'linear', 'sketch'),
      normal:
        normal === null ? null : { ...normal, value: applyLayer(b, layer, normal.value, 'linear', 'normal sketch') },
    }),
    nonlinearity: {
      kind: 'through',
      at: (layer, x) => b.within(originOf(layer, 'sketch'), () => throughBand(lowering, layer, x, k)),
    },
    sum: (layer, operands) => b.within(originOf(layer, 'sketch'), () => sumSketches(lowering, layer, operands, k)),
    concat: (layer, operands) => b.within(originOf(layer, 'sketch'), () => joinSketches(lowering, layer, operands, k)),
  };
}

function sketchOfBall(lowering: Lowering, input: Layer, k: number): SketchValues {
  const { builder: b, dual } = lowering;
  const { radius } = ballOf(lowering);
  if (dual.graph.ball.norm === 'linf') return { cauchy: freshDraws(lowering, input, radius, k), normal: null };
  const draws = b.append({ kind: 'noise', distribution: 'normal', stream: input.id, shape: stack(k, input.shape) });
  return { cauchy: null, normal: { value: b.binary('mul', draws, radius), perExample: false } };
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
): SketchValues {
  const b = lowering.builder;
  const band = relaxationOf(lowering, 'band', layer);
  invariant(band.form === 'band', 'a sketch is carried by one slope, whatever the sign');
  const { slope, radius } = band;
  const scaled = (value: ValueId): ValueId => b.append({ kind: 'scaledRows', rows: k }, [value, slope]);
  const fresh = freshDraws(lowering, layer, radius, k);
  return {
    cauchy: cauchy === null ? fresh : b.binary('add', scaled(cauchy), fresh),
    normal:
      normal === null
        ? null
        : { value: b.within({ role: 'normal sketch' }, () => scaled(normal.value)), perExample: true },
  };
}

function sumSketches(lowering: Lowering, layer: Layer, sketches: readonly SketchValues[], k: number): SketchValues {
  const b = lowering.builder;
  const cauchy = sketches.flatMap(sketch => (sketch.cauchy === null ? [] : [sketch.cauchy]));
  const normal = sketches.flatMap(sketch => (sketch.normal === null ? [] : [sketch.normal]));
  const size = sizeOf(layer.shape);
  const perExample = normal.some(part => part.perExample);
  const grouped = normal.map(part => b.reshape(part.value, [part.perExample ? batch : 1, k, size]));
  return {
    cauchy: cauchy.length === 0 ? null : addAll(b, cauchy),
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
  const cauchy = parts.every(part => part.cauchy === null)
    ? null
    : joined(
        b,
        parts.map(part => part.cauchy ?? zeros(timesDim(batch, k), part.shape)),
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
