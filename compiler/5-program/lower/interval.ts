/**
 * Interval bounds (IBP): centre and radius go forward, `c ← W c + b`, `ρ ← |W| ρ`, from the intervals around the outputs of
 * the nearest nonlinearities, the images of their bounds. Sound by the triangle inequality; at an `add` the radii add up.
 *
 * In float32 a radius is inflated on its way into a layer: the network and the centre are each off by `γ_f (|W| m + |b|)`, where both
 * are at most `|c| + ρ`, so that `ρ ← |W| ((1 + γ_f) ρ + 2γ_f |c|) + 2γ_f |b|`, times `1 + γ` for the rounding of that sum itself.
 */
import type { AffineLayer, NonlinearityLayer } from '../../2-graph/roles.ts';
import { floorOfRadii, gamma, roundedUp } from '../../shared/float32.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { applyLayer } from '../affine/affine-rules.ts';
import { nonlinearityRule } from '../nonlinearity/nonlinearity-rules.ts';
import { intervalOfBall } from './ball.ts';
import { addAll, joined } from './centre.ts';
import { type ForwardPass, passTo } from './forward-pass.ts';
import { type BallValues, boundsOf, type Lowering, originOf } from './lowering.ts';
import { chargeHalfWidth, chargeRadii, perExample } from './underflow.ts';

/** Centre and radius of an interval around a layer's output, each `[batch, …layer]`. */
export function intervalOf(lowering: Lowering, id: LayerId): BallValues {
  return passTo(id, intervalPass(lowering), lowering.intervals, lowering.layers);
}

function intervalPass(lowering: Lowering): ForwardPass<BallValues> {
  const { builder: b } = lowering;
  return {
    input: () => intervalOfBall(lowering),
    affine: (layer, x) => b.within({ part: partOf(layer.id) }, () => throughAffine(lowering, layer, x)),
    nonlinearity: {
      kind: 'begins',
      at: layer =>
        b.within({ ...originOf(layer, 'interval'), part: partOf(layer.id) }, () => behindNonlinearity(lowering, layer)),
    },
    sum: (layer, operands) => b.within(originOf(layer, 'interval'), () => sumOf(lowering, layer.id, operands)),
    concat: (layer, operands) =>
      b.within(originOf(layer, 'interval'), () => ({
        centre: b.within({ role: 'interval centre' }, () =>
          joined(
            b,
            operands.map(({ centre }) => centre),
          ),
        ),
        radius: b.within({ role: 'interval radius' }, () =>
          joined(
            b,
            operands.map(({ radius }) => radius),
          ),
        ),
      })),
  };
}

/** The same at every layer of a kind. */
const partOf = (id: LayerId): string => `interval of ${id}`;

function throughAffine(lowering: Lowering, layer: AffineLayer, input: BallValues): BallValues {
  const b = lowering.builder;
  const centre = applyLayer(b, layer, input.centre, 'affine', 'interval centre');
  const roundings = lowering.float32?.terms(layer.id).forward ?? 0;
  if (roundings === 0) return { centre, radius: applyLayer(b, layer, input.radius, 'magnitude', 'interval radius') };
  const inflated = b.within(originOf(layer, 'interval radius'), () => inflate(lowering, input, roundings));
  const map = { kind: 'outward', biasShare: inflation(roundings).ofCentre, floor: floorOfRadii } as const;
  const radius = applyLayer(b, layer, inflated, map, 'interval radius');
  lowering.float32?.radii.push(radius);
  return { centre, radius };
}

/** `|z̃ − c| ≤ ofRadius · ρ + ofCentre · |c|` after a sum of so many roundings, rounded up as often again. */
function inflation(roundings: number): { readonly ofRadius: number; readonly ofCentre: number } {
  const up = 1 + gamma(roundings + 8);
  return { ofRadius: (1 + gamma(roundings)) * up, ofCentre: 2 * gamma(roundings) * up };
}

function inflate({ builder: b }: Lowering, { centre, radius }: BallValues, roundings: number): ValueId {
  const { ofRadius, ofCentre } = inflation(roundings);
  const share = b.binary('mul', b.unary('abs', centre), b.constant(roundedUp(ofCentre)));
  const own = b.binary('mul', radius, b.constant(roundedUp(ofRadius)));
  return b.binary('add', b.binary('add', own, share), b.constant(floorOfRadii));
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

function behindNonlinearity(lowering: Lowering, layer: NonlinearityLayer): BallValues {
  const b = lowering.builder;
  const { least, greatest } = nonlinearityRule(layer).image(b, layer, boundsOf(lowering, layer));
  const half = b.constant(0.5);
  const centre = b.within({ role: 'interval centre' }, () => b.binary('mul', b.binary('add', least, greatest), half));
  const radius = b.within({ role: 'interval radius' }, () => b.binary('mul', b.binary('sub', greatest, least), half));
  const { float32 } = lowering;
  if (float32 === null) return { centre, radius };
  // The ends are rounded as the value is, and so is the value in the network.
  const roundings = roundingsOfHalves + 2 * float32.terms(layer.id).forward;
  const outward = b.within({ role: 'interval radius' }, () => inflate(lowering, { centre, radius }, roundings));
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
  return b.within({ part: `half width of ${id}` }, () => {
    chargeRadii(lowering, float32);
    const radius = b.within({ role: 'half width' }, () => {
      const rounded = inflate(lowering, interval, roundingsOfHalves);
      const { underflow } = float32;
      return underflow === null
        ? rounded
        : b.binary('add', rounded, perExample(lowering, underflow, b.shapeOf(rounded)));
    });
    chargeHalfWidth(lowering, float32, radius);
    return { centre: interval.centre, radius };
  });
}
