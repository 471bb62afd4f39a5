/** Points of a ball: inside, on its border, at its corners, and where a linear function is largest. */
import type { Ball } from '../../compiler/2-graph/layer.ts';

/** The box around the ball, cut by the ball's own box: `[lower, upper]`. */
export function boxAround(ball: Ball, x: Float64Array): readonly [Float64Array, Float64Array] {
  const [low, high] = (ball.norm === 'linf' ? ball.box : null) ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [x.map(entry => Math.max(entry - ball.epsilon, low)), x.map(entry => Math.min(entry + ball.epsilon, high))];
}

/** Whether the point is in the ball, up to the rounding with which it was computed. */
export function isInBall(ball: Ball, x: Float64Array, point: Float64Array): boolean {
  const slack = 1e-14 * (ball.epsilon + Math.max(0, ...x.map(Math.abs)));
  const distance = point.map((entry, i) => entry - x[i]!);
  if (ball.norm === 'l2') return Math.hypot(...distance) <= ball.epsilon + slack;
  const [low, high] = ball.box ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return distance.every(
    (entry, i) => Math.abs(entry) <= ball.epsilon + slack && point[i]! >= low - slack && point[i]! <= high + slack,
  );
}

/** The point of the ball where `gradient · point` is largest: a corner (l∞) or a point of the sphere (l2). */
export function bestResponse(ball: Ball, x: Float64Array, gradient: Float64Array): Float64Array {
  if (ball.norm === 'linf') {
    const [lower, upper] = boxAround(ball, x);
    return gradient.map((slope, i) => (slope > 0 ? upper[i]! : slope < 0 ? lower[i]! : x[i]!));
  }
  const norm = Math.hypot(...gradient);
  return norm === 0 ? x.slice() : x.map((entry, i) => entry + (ball.epsilon * gradient[i]!) / norm);
}

/** `count` points: the centre, then corners, points of the border along few axes, and points inside, in turn. */
export function samplePoints(ball: Ball, x: Float64Array, count: number, next: () => number): Float64Array[] {
  const signs = (share: number): Float64Array => x.map(() => (next() < share ? (next() < 0.5 ? -1 : 1) : 0));
  const inside = (): Float64Array => {
    const direction = bestResponse(
      ball,
      x,
      x.map(() => next() - 0.5),
    );
    if (ball.norm === 'l2') {
      const reach = next();
      return x.map((entry, i) => entry + reach * (direction[i]! - entry));
    }
    const [lower, upper] = boxAround(ball, x);
    return x.map((_, i) => lower[i]! + (upper[i]! - lower[i]!) * next());
  };
  const kinds = [
    (): Float64Array => bestResponse(ball, x, signs(1)),
    (): Float64Array => bestResponse(ball, x, signs(1.5 / Math.max(1, x.length))),
    inside,
  ];
  return Array.from({ length: count }, (_, i) => (i === 0 ? x.slice() : kinds[i % kinds.length]!()));
}
