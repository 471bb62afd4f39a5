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
 * The draws of one call are shared by the examples of a batch, and by the bounds of all layers. Such estimates are not bounds: they train,
 * they never certify. Those of `probable.ts` do, with a probability.
 */

import type { SketchStrategy } from '../../4-schedule/plan.ts';
import { found } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { type Shape, sizeOf } from '../../shared/shape.ts';
import { batch } from '../dim.ts';
import { addAll } from '../lower/centre.ts';
import { passTo } from '../lower/forward-pass.ts';
import { type Lowering, layerOf, type SketchValues, stack } from '../lower/lowering.ts';
import { type Drawn, roleOf, sketchPass } from '../lower/sketch-pass.ts';

/** Estimated radius of a layer's output around its centre, `[batch, …layer]`. */
export function sketchedRadius(lowering: Lowering, id: LayerId, strategy: SketchStrategy): ValueId {
  const b = lowering.builder;
  const { projections, estimator } = strategy;
  const { shape } = layerOf(lowering, id);
  const drawn: Drawn = {
    k: projections,
    isMerged: strategy.kind === 'sketch',
    streamOf: layer => layer,
    carries: 'samples',
  };
  const { cauchy, normal } = passTo(id, sketchPass(lowering, drawn), lowering.sketches, lowering.layers);
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
