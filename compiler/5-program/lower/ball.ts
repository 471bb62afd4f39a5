/** The ball of inputs around `x`: centre and radius, the norm of a dual at the input, and its interval. */
import { found } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import { batch } from '../dim.ts';
import { type BallValues, type Lowering, layerOf, originOf, stack } from './lowering.ts';

/** Added under a square root: far below the rounding of either precision, and keeps the derivative at 0 finite. */
const tiny = 1e-30;

/**
 * l∞: `x ± ε`; with a box the ball's intersection with it, `lower = max(x − ε, low)`, `upper = min(x + ε, high)`,
 * centre and radius half their sum and half their difference. l2: centre `x`, radius the number ε.
 */
export function lowerBall(lowering: Lowering): BallValues {
  const { builder: b, dual } = lowering;
  const input = layerOf(lowering, dual.graph.input);
  const x = b.source({ kind: 'input', name: 'x', shape: stack(batch, input.shape) });
  const epsilon = b.source({ kind: 'input', name: 'epsilon', shape: [] });
  const values = b.within({ section: 'ball', ...originOf(input, 'centre') }, (): BallValues => {
    if (dual.graph.ball.norm === 'l2') return { centre: x, radius: epsilon };
    const box = dual.graph.ball.box;
    if (box === null) {
      const radius = b.within({ role: 'radius' }, () =>
        b.append({ kind: 'broadcast', shape: stack(batch, input.shape) }, [epsilon]),
      );
      return { centre: x, radius };
    }
    const lower = b.within({ role: 'lower' }, () =>
      b.binary('maximum', b.binary('sub', x, epsilon), b.constant(box[0])),
    );
    const upper = b.within({ role: 'upper' }, () =>
      b.binary('minimum', b.binary('add', x, epsilon), b.constant(box[1])),
    );
    const half = (value: ValueId): ValueId => b.binary('mul', value, b.constant(0.5));
    return {
      centre: half(b.binary('add', lower, upper)),
      radius: b.within({ role: 'radius' }, () => half(b.binary('sub', upper, lower))),
    };
  });
  lowering.ball = values;
  lowering.centres.set(input.id, values.centre);
  return values;
}

export const ballOf = (lowering: Lowering): BallValues => found(lowering.ball ?? undefined, 'the ball');

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

/** `ε·sqrt(Σ ν²)` along the last axis, from the sum of squares. */
export function l2Norm(lowering: Lowering, sumOfSquares: ValueId): ValueId {
  const b = lowering.builder;
  const norm = b.unary('sqrt', b.binary('add', sumOfSquares, b.constant(tiny)));
  return b.binary('mul', norm, ballOf(lowering).radius);
}
