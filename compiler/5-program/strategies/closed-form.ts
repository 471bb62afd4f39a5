/**
 * Closed form: the input reaches the bounded layer through one matrix (and layers that only scale or reorder), so no row
 * has to walk. l∞: `radius = |W| r_0`; l2: `radius = ε·sqrt((W∘W) 1)`, the norm of each row of `W`.
 */
import { type AffineLayer, hasRole } from '../../2-graph/roles.ts';
import type { Bound } from '../../3-dual/dual.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { AffineMap } from '../affine/affine-map.ts';
import { applyLayer } from '../affine/affine-rules.ts';
import { batch } from '../dim.ts';
import { ballOf, l2Norm, roundingsOfRoot } from '../lower/ball.ts';
import { type Lowering, layerOf, stack } from '../lower/lowering.ts';
import type { Norms } from '../lower/norms.ts';

/** Radius around the centre of the bounded layer, `[batch, …layer]`. */
export function lowerClosedForm(lowering: Lowering, bound: Bound): Norms {
  const { builder: b, dual, float32 } = lowering;
  const path = [...bound.walk]
    .reverse()
    .map(step => layerOf(lowering, step.of))
    .filter((layer): layer is AffineLayer => hasRole(layer, 'affine'));
  const through = (start: ValueId, map: AffineMap): ValueId =>
    path.reduce((value, layer) => applyLayer(b, layer, value, map, 'radius'), start);
  const roundings = path.reduce((sum, { id }) => sum + (float32?.terms(id).forward ?? 0) + 2, 0);
  if (dual.graph.ball.norm === 'linf') return { value: through(ballOf(lowering).radius, 'magnitude'), roundings };
  const input = layerOf(lowering, dual.graph.input);
  const ones = b.append({ kind: 'broadcast', shape: stack(1, input.shape) }, [b.constant(1)]);
  const squares = through(ones, float32 === null ? 'squared' : 'outwardSquared');
  const norm = l2Norm(lowering, squares, roundings);
  const shape = layerOf(lowering, bound.of).shape;
  const value = b.append({ kind: 'broadcast', shape: stack(batch, shape) }, [norm]);
  return { value, roundings: roundings + roundingsOfRoot };
}
