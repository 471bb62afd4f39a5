/**
 * Closed form: the input reaches the bounded layer through one matrix (and layers that only scale or reorder), so no row
 * has to walk. l∞: `radius = |W| r_0`; l2: `radius = ε·sqrt((W∘W) 1)`, the norm of each row of `W`.
 */
import type { Bound } from '../../3-dual/dual.ts';
import { found } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { AffineMap } from '../affine/affine-map.ts';
import { applyLayer } from '../affine/affine-rules.ts';
import { batch } from '../dim.ts';
import { l2Norm, radiusAt, roundingsOfRoot } from '../lower/ball.ts';
import { affineAt, type Lowering, layerOf, stack } from '../lower/lowering.ts';
import type { Norms } from '../lower/norms.ts';

/** Radius around the centre of the bounded layer, `[batch, …layer]`. */
export function lowerClosedForm(lowering: Lowering, bound: Bound): Norms {
  const { builder: b, dual, float32 } = lowering;
  const steps = [...bound.walk];
  const path = steps.toReversed().flatMap(step => (step.kind === 'transpose' ? affineAt(lowering, step.of) : []));
  const through = (start: ValueId, map: AffineMap): ValueId =>
    path.reduce((value, layer) => applyLayer(b, layer, value, map, 'radius'), start);
  const roundings = path.reduce((sum, { id }) => sum + (float32?.terms(id).forward ?? 0) + 2, 0);
  if (dual.graph.ball.norm === 'linf')
    return { value: through(radiusAt(lowering, found(steps.at(-1), 'the ball').of), 'magnitude'), roundings };
  const input = layerOf(lowering, dual.graph.input);
  const ones = b.append({ kind: 'broadcast', shape: stack(1, input.shape) }, [b.constant(1)]);
  const squares = through(ones, float32 === null ? 'squared' : 'outwardSquared');
  const norm = l2Norm(lowering, squares, roundings);
  const shape = layerOf(lowering, bound.of).shape;
  const value = b.append({ kind: 'broadcast', shape: stack(batch, shape) }, [norm]);
  return { value, roundings: roundings + roundingsOfRoot };
}
