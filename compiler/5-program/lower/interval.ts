/**
 * Interval bounds (IBP): centre and radius go forward, `c ← W c + b`, `ρ ← |W| ρ`, from the intervals around the outputs of
 * the nearest nonlinearities, `[relu(ℓ), relu(u)]`. Sound by the triangle inequality; at an `add` the radii add up.
 */
import type { Layer } from '../../2-graph/layer.ts';
import { assertNever, found } from '../../shared/assert.ts';
import type { LayerId } from '../../shared/ids.ts';
import { applyLayer } from './apply-layer.ts';
import { intervalOfBall } from './ball.ts';
import { addAll } from './centre.ts';
import { type BallValues, inputOf, type Lowering, originOf, valueAt } from './lowering.ts';

/** Centre and radius of an interval around a layer's output, each `[batch, …layer]`. */
export function intervalOf(lowering: Lowering, id: LayerId): BallValues {
  return valueAt(
    lowering,
    id,
    lowering.intervals,
    layer => (layer.kind === 'relu' ? [] : layer.inputs),
    layer => lowerInterval(lowering, layer),
  );
}

function lowerInterval(lowering: Lowering, layer: Layer): BallValues {
  const b = lowering.builder;
  switch (layer.kind) {
    case 'input':
      return intervalOfBall(lowering);
    case 'relu':
      return b.within(originOf(layer, 'interval'), () => throughRelu(lowering, layer.id));
    case 'add': {
      const operands = layer.inputs.map(input => intervalOf(lowering, input));
      return b.within(originOf(layer, 'interval'), () => ({
        centre: b.within({ role: 'interval centre' }, () =>
          addAll(
            b,
            operands.map(operand => operand.centre),
          ),
        ),
        radius: b.within({ role: 'interval radius' }, () =>
          addAll(
            b,
            operands.map(operand => operand.radius),
          ),
        ),
      }));
    }
    case 'conv2d':
    case 'dense':
    case 'flatten':
    case 'reshape':
    case 'normalize': {
      const { centre, radius } = intervalOf(lowering, inputOf(layer));
      return {
        centre: applyLayer(b, layer, centre, 'affine', 'interval centre'),
        radius: applyLayer(b, layer, radius, 'magnitude', 'interval radius'),
      };
    }
    default:
      return assertNever(layer);
  }
}

function throughRelu(lowering: Lowering, relu: LayerId): BallValues {
  const b = lowering.builder;
  const name = found(lowering.dual.boundOfNonlinearity.get(relu), `bound of ${relu}`);
  const bounds = found(lowering.bounds.get(name), `bounds of ${relu}`);
  const low = b.within({ role: 'least' }, () => b.unary('relu', bounds.lower));
  const high = b.within({ role: 'greatest' }, () => b.unary('relu', bounds.upper));
  const half = b.constant(0.5);
  return {
    centre: b.within({ role: 'interval centre' }, () => b.binary('mul', b.binary('add', low, high), half)),
    radius: b.within({ role: 'interval radius' }, () => b.binary('mul', b.binary('sub', high, low), half)),
  };
}
