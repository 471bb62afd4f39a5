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

import type { Layer, LayerOf } from '../../2-graph/layer.ts';
import type { ScaleEstimator } from '../../4-schedule/plan.ts';
import { assertNever, found } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { type Shape, sizeOf } from '../../shared/shape.ts';
import { batch, timesDim } from '../dim.ts';
import { type AffineLayer, applyLayer } from './apply-layer.ts';
import { ballOf } from './ball.ts';
import { addAll } from './centre.ts';
import { bandOf, inputOf, type Lowering, layerOf, originOf, type SketchValues, stack, valueAt } from './lowering.ts';

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
    const samples = b.reshape(cauchy, [batch, projections, sizeOf(shape)]);
    parts.push(b.within({ role: 'scale' }, () => b.append({ kind: 'cauchyScale', estimator }, [samples])));
  }
  if (normal !== null)
    parts.push(b.within({ role: 'ball radius' }, () => normalDeviation(lowering, normal, projections, shape)));
  const radius = parts.length > 1 ? b.within({ role: 'radius' }, () => addAll(b, parts)) : found(parts[0], 'a sketch');
  return b.reshape(radius, stack(batch, shape));
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

function sketchOf(lowering: Lowering, id: LayerId, k: number): SketchValues {
  return valueAt(
    lowering,
    id,
    lowering.sketches,
    layer => layer.inputs,
    layer => lowering.builder.within(originOf(layer, 'sketch'), () => lowerSketch(lowering, layer, k)),
  );
}

function lowerSketch(lowering: Lowering, layer: Layer, k: number): SketchValues {
  const { builder: b } = lowering;
  switch (layer.kind) {
    case 'input':
      return sketchOfBall(lowering, layer, k);
    case 'relu':
      return throughRelu(lowering, layer, sketchOf(lowering, inputOf(layer), k), k);
    case 'add':
      return sumSketches(
        lowering,
        layer,
        layer.inputs.map(input => sketchOf(lowering, input, k)),
        k,
      );
    case 'conv2d':
    case 'dense':
    case 'flatten':
    case 'reshape':
    case 'normalize': {
      const { cauchy, normal } = sketchOf(lowering, inputOf(layer), k);
      const apply = (value: ValueId, role: string): ValueId =>
        applyLayer(b, layer as AffineLayer, value, 'linear', role);
      return {
        cauchy: cauchy === null ? null : apply(cauchy, 'sketch'),
        normal: normal === null ? null : { ...normal, value: apply(normal.value, 'normal sketch') },
      };
    }
    default:
      return assertNever(layer);
  }
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

function throughRelu(
  lowering: Lowering,
  layer: LayerOf<'relu'>,
  { cauchy, normal }: SketchValues,
  k: number,
): SketchValues {
  const b = lowering.builder;
  const { slope, radius } = bandOf(lowering, layer);
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
