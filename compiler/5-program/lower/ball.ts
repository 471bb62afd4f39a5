/** The ball of inputs around `x`: centre and radius, the norm of a dual at the input, and its interval. */

import type { Ball, LayerOf } from '../../2-graph/layer.ts';
import { type AffineLayer, hasRole } from '../../2-graph/roles.ts';
import type { DualNetwork } from '../../3-dual/dual.ts';
import { found, invariant } from '../../shared/assert.ts';
import { floorOfRadii, gamma, leastNormal, roundedDown, roundedUp, unitRoundoff } from '../../shared/float32.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { applyLayer } from '../affine/affine-rules.ts';
import type { ProgramBuilder } from '../builder.ts';
import { batch, type ProgramShape } from '../dim.ts';
import { type BallValues, inputOf, type Lowering, layerOf, originOf, stack } from './lowering.ts';

type Box = readonly [number, number];

/** l∞: `x ± ε`, with a box the ball's intersection with it. l2: centre `x`, radius the number ε. */
export function lowerBall(lowering: Lowering): BallValues {
  const { builder: b, dual } = lowering;
  const input = layerOf(lowering, dual.graph.input);
  invariant(input.kind === 'input', `${input.id} is no input`);
  const values = b.within({ section: 'ball', ...originOf(input, 'centre') }, () =>
    ballAround(lowering, input, dual.graph.ball),
  );
  lowering.ball = values;
  if (dual.graph.ball.norm === 'linf') {
    const at = endOfWalks(dual);
    lowering.radiusAtEnd = { at, value: b.within({ section: 'ball' }, () => radiusAt(lowering, at)) };
  }
  return values;
}

/** Where the ball's norm is taken: all walks end at one layer. */
function endOfWalks({ bounds }: DualNetwork): LayerId {
  let end = found(bounds[0], 'a bound').walk;
  while (end.rest !== null) end = end.rest;
  return found(end.steps.at(-1), 'the ball').of;
}

function ballAround({ builder: b, float32 }: Lowering, input: LayerOf<'input'>, ball: Ball): BallValues {
  const shape = stack(batch, input.shape);
  const x = b.source({ kind: 'input', name: 'x', shape });
  const given = b.source({ kind: 'input', name: 'epsilon', shape: [] });
  // The caller's ε need not be a float32 number: the one that is used is not below it.
  const epsilon =
    float32 === null
      ? given
      : b.within({ role: 'epsilon' }, () => b.binary('mul', given, b.constant(1 + 4 * unitRoundoff)));
  if (ball.norm === 'l2') return { centre: x, radius: epsilon };
  if (ball.box === null) return { centre: x, radius: repeated(b, epsilon, shape) };
  return float32 === null ? cutToBox(b, x, epsilon, ball.box) : cutOutward(b, x, epsilon, ball.box);
}

const repeated = (b: ProgramBuilder, value: ValueId, shape: ProgramShape): ValueId =>
  b.within({ role: 'radius' }, () => b.append({ kind: 'broadcast', shape }, [value]));

/** `lower = max(x − ε, low)`, `upper = min(x + ε, high)`; centre and radius half their sum and half their difference. */
function cutToBox(b: ProgramBuilder, x: ValueId, epsilon: ValueId, box: Box): BallValues {
  const lower = b.within({ role: 'lower' }, () => b.binary('maximum', b.binary('sub', x, epsilon), b.constant(box[0])));
  const upper = b.within({ role: 'upper' }, () => b.binary('minimum', b.binary('add', x, epsilon), b.constant(box[1])));
  const half = (value: ValueId): ValueId => b.binary('mul', value, b.constant(0.5));
  return {
    centre: half(b.binary('add', lower, upper)),
    radius: b.within({ role: 'radius' }, () => half(b.binary('sub', upper, lower))),
  };
}

/**
 * The same so that float32 loses no point of the ball: `x ± ε` may round to `x`, and to either side. What is computed is how far the
 * ball reaches above and below `x`, each at most ε, which rounds by a share of itself; the centre is any number near the middle, and the
 * radius what it takes from there, `max(above − shift, below + shift)` with `shift = centre − x`. All of it is off by at most a few
 * `u` of the radius, since `|shift|` is not larger than the radius, and `above` and `below` not larger than twice that.
 */
function cutOutward(b: ProgramBuilder, x: ValueId, epsilon: ValueId, box: Box): BallValues {
  const above = b.within({ role: 'reach above' }, () =>
    b.binary('minimum', b.binary('sub', b.constant(roundedUp(box[1])), x), epsilon),
  );
  const below = b.within({ role: 'reach below' }, () =>
    b.binary('minimum', b.binary('sub', x, b.constant(roundedDown(box[0]))), epsilon),
  );
  const centre = b.within({ role: 'centre' }, () =>
    b.binary('add', x, b.binary('mul', b.binary('sub', above, below), b.constant(0.5))),
  );
  const radius = b.within({ role: 'radius' }, () => {
    const shift = b.within({ role: 'shift' }, () => b.binary('sub', centre, x));
    const reach = b.binary('maximum', b.binary('sub', above, shift), b.binary('add', below, shift));
    const inflated = b.binary('mul', reach, b.constant(1 + 32 * unitRoundoff));
    return b.binary('add', inflated, b.constant(floorOfRadii));
  });
  return { centre, radius };
}

export const ballOf = (lowering: Lowering): BallValues => found(lowering.ball ?? undefined, 'the ball');

/**
 * The radius of an l∞ ball where its norm is taken: at the input, or behind layers that only scale its entries, `|W| r_0`. Rounded up,
 * it may stand for the radius of each entry behind them.
 */
export function radiusAt(lowering: Lowering, id: LayerId): ValueId {
  if (lowering.radiusAtEnd?.at === id) return lowering.radiusAtEnd.value;
  const { builder: b, dual, float32 } = lowering;
  const chain: AffineLayer[] = [];
  for (let layer = layerOf(lowering, id); layer.id !== dual.graph.input; layer = layerOf(lowering, inputOf(layer))) {
    invariant(hasRole(layer, 'affine'), `${layer.id} lies between the input and its ball`);
    chain.unshift(layer);
  }
  return chain.reduce((radius, layer) => {
    const scaled = applyLayer(b, layer, radius, 'magnitude', 'radius');
    const { forward = 0 } = float32?.terms(layer.id) ?? {};
    if (float32 === null || forward === 0) return scaled;
    return b.within(originOf(layer, 'radius'), () =>
      b.binary('add', b.binary('mul', scaled, b.constant(roundedUp(1 + gamma(forward + 4)))), b.constant(floorOfRadii)),
    );
  }, ballOf(lowering).radius);
}

/** The smallest box around the ball: what interval bounds start from. */
export function intervalOfBall(lowering: Lowering): BallValues {
  const { builder: b, dual } = lowering;
  const ball = ballOf(lowering);
  if (dual.graph.ball.norm === 'linf') return ball;
  const input = layerOf(lowering, dual.graph.input);
  const radius = b.within({ role: 'ball radius' }, () =>
    b.append({ kind: 'broadcast', shape: stack(batch, input.shape) }, [ball.radius]),
  );
  return { centre: ball.centre, radius };
}

/** Added under a square root: far below the rounding of either precision, and keeps the derivative at 0 finite. */
const tiny = 1e-30;

/** Roundings of a norm beside those of its sum: the squares, the root (up to 10u), the product with ε. */
export const roundingsOfRoot = 14;

/** `ε·sqrt(Σ ν²)` along the last axis, from the sum of `terms` squares; in float32 with what squares may lose when they are flushed. */
export function l2Norm(lowering: Lowering, sumOfSquares: ValueId, terms: number): ValueId {
  const b = lowering.builder;
  const below = lowering.float32 === null ? tiny : roundedUp(8 * terms * leastNormal);
  const norm = b.unary('sqrt', b.binary('add', sumOfSquares, b.constant(below)));
  return b.binary('mul', norm, ballOf(lowering).radius);
}
