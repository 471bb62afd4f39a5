/**
 * Interval bounds (IBP): centre and radius go forward, `c ← W c + b`, `ρ ← |W| ρ`, from the intervals around the outputs of
 * the nearest nonlinearities, `[relu(ℓ), relu(u)]`. Sound by the triangle inequality; at an `add` the radii add up.
 *
 * In float32 a radius is inflated on its way into a layer: the network and the centre are each off by `γ_f (|W| m + |b|)`, where both
 * are at most `|c| + ρ`, so that `ρ ← |W| ((1 + γ_f) ρ + 2γ_f |c|) + 2γ_f |b|`, times `1 + γ` for the rounding of that sum itself.
 */
import { assertNever, found } from '../../shared/assert.ts';
import { gamma, leastNormal, roundedUp } from '../../shared/float32.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { type AffineLayer, applyLayer } from './apply-layer.ts';
import { intervalOfBall } from './ball.ts';
import { addAll } from './centre.ts';
import { type BallValues, inputOf, type Lowering, layerOf, originOf } from './lowering.ts';
import { chargeHalfWidth, chargeRadii, perExample } from './underflow.ts';

/** Centre and radius of an interval around a layer's output, each `[batch, …layer]`. */
export function intervalOf(lowering: Lowering, id: LayerId): BallValues {
  const known = lowering.intervals.get(id);
  if (known !== undefined) return known;
  const interval = lowerInterval(lowering, id);
  lowering.intervals.set(id, interval);
  return interval;
}

function lowerInterval(lowering: Lowering, id: LayerId): BallValues {
  const b = lowering.builder;
  const layer = layerOf(lowering, id);
  switch (layer.kind) {
    case 'input':
      return intervalOfBall(lowering);
    case 'relu':
      return b.within(originOf(layer, 'interval'), () => throughRelu(lowering, layer.id));
    case 'add': {
      const operands = layer.inputs.map(input => intervalOf(lowering, input));
      return b.within(originOf(layer, 'interval'), () => sumOf(lowering, id, operands));
    }
    case 'conv2d':
    case 'dense':
    case 'flatten':
    case 'reshape':
    case 'normalize':
      return throughAffine(lowering, layer, intervalOf(lowering, inputOf(layer)));
    default:
      return assertNever(layer);
  }
}

function throughAffine(lowering: Lowering, layer: AffineLayer, input: BallValues): BallValues {
  const b = lowering.builder;
  const centre = applyLayer(b, layer, input.centre, 'affine', 'interval centre');
  const roundings = lowering.float32?.terms(layer.id).forward ?? 0;
  if (roundings === 0) return { centre, radius: applyLayer(b, layer, input.radius, 'magnitude', 'interval radius') };
  const inflated = b.within(originOf(layer, 'interval radius'), () => inflate(lowering, input, roundings));
  const map = { kind: 'outward', biasShare: inflation(roundings).ofCentre, floor } as const;
  const radius = applyLayer(b, layer, inflated, map, 'interval radius');
  lowering.float32?.radii.push(radius);
  return { centre, radius };
}

/** More than what flushing costs a product, in the network, in the centre and in the radius. */
const floor = 16 * leastNormal;

/** `|z̃ − c| ≤ ofRadius · ρ + ofCentre · |c|` after a sum of so many roundings, rounded up as often again. */
function inflation(roundings: number): { readonly ofRadius: number; readonly ofCentre: number } {
  const up = 1 + gamma(roundings + 8);
  return { ofRadius: (1 + gamma(roundings)) * up, ofCentre: 2 * gamma(roundings) * up };
}

function inflate({ builder: b }: Lowering, { centre, radius }: BallValues, roundings: number): ValueId {
  const { ofRadius, ofCentre } = inflation(roundings);
  const share = b.binary('mul', b.unary('abs', centre), b.constant(roundedUp(ofCentre)));
  const own = b.binary('mul', radius, b.constant(roundedUp(ofRadius)));
  return b.binary('add', b.binary('add', own, share), b.constant(floor));
}

function sumOf(lowering: Lowering, id: LayerId, operands: readonly BallValues[]): BallValues {
  const b = lowering.builder;
  const { float32 } = lowering;
  const radius = (operand: BallValues): ValueId =>
    float32 === null ? operand.radius : inflate(lowering, operand, float32.terms(id).forward);
  const sum = b.within({ role: 'interval radius' }, () => addAll(b, operands.map(radius)));
  float32?.radii.push(sum);
  return {
    centre: b.within({ role: 'interval centre' }, () =>
      addAll(
        b,
        operands.map(operand => operand.centre),
      ),
    ),
    radius: sum,
  };
}

function throughRelu(lowering: Lowering, relu: LayerId): BallValues {
  const b = lowering.builder;
  const name = found(lowering.dual.boundOfNonlinearity.get(relu), `bound of ${relu}`);
  const bounds = found(lowering.bounds.get(name), `bounds of ${relu}`);
  const low = b.within({ role: 'least' }, () => b.unary('relu', bounds.lower));
  const high = b.within({ role: 'greatest' }, () => b.unary('relu', bounds.upper));
  const half = b.constant(0.5);
  const centre = b.within({ role: 'interval centre' }, () => b.binary('mul', b.binary('add', low, high), half));
  const radius = b.within({ role: 'interval radius' }, () => b.binary('mul', b.binary('sub', high, low), half));
  if (lowering.float32 === null) return { centre, radius };
  const outward = b.within({ role: 'interval radius' }, () => inflate(lowering, { centre, radius }, roundingsOfHalves));
  return { centre, radius: outward };
}

/** Of `(low + high)/2` and `(high − low)/2`. */
const roundingsOfHalves = 4;

/** The interval as a bound `c ± radius` that holds when that sum is rounded too. */
export function boundInterval(lowering: Lowering, id: LayerId): BallValues {
  const b = lowering.builder;
  const { float32 } = lowering;
  const interval = intervalOf(lowering, id);
  if (float32 === null) return interval;
  chargeRadii(lowering, float32);
  const radius = b.within({ role: 'half width' }, () => {
    const rounded = inflate(lowering, interval, roundingsOfHalves);
    const { underflow } = float32;
    return underflow === null ? rounded : b.binary('add', rounded, perExample(lowering, underflow, b.shapeOf(rounded)));
  });
  chargeHalfWidth(lowering, float32, radius);
  return { centre: interval.centre, radius };
}
