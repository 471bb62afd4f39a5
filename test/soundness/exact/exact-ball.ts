/** The ball around an example in exact arithmetic, and rational points of it. */
import type { Ball } from '../../../compiler/2-graph/layer.ts';
import { aligned, between, difference, type ExactVector, exactVector, sum } from './exact-vector.ts';

export interface ExactBall {
  readonly norm: Ball['norm'];
  readonly centre: ExactVector;
  /** Whether the point lies in it; no rounding is allowed for. */
  contains(point: ExactVector): boolean;
  /**
   * A point of the border in the direction: the corner of its signs (l∞, cut by the box), a point within 2⁻⁴⁵ of the sphere (l2).
   * Where the direction is 0, the centre's entries.
   */
  readonly towards: (direction: ArrayLike<number>) => ExactVector;
}

/** `x` lies in the box, where there is one. Throws a `RangeError` where a number is not finite. */
export function exactBall(ball: Ball, x: ArrayLike<number>, epsilon: number): ExactBall {
  const centre = exactVector(x);
  return ball.norm === 'l2' ? sphere(centre, epsilon) : cube(centre, epsilon, ball.box);
}

function cube(centre: ExactVector, epsilon: number, box: readonly [number, number] | null): ExactBall {
  const all = (value: number): ExactVector => exactVector(centre.units.map(() => value));
  const ends = [-1, 1].map(sign => {
    const end = sum(centre, all(sign * epsilon));
    if (box === null) return end;
    const [free, cut] = aligned(end, all(sign < 0 ? box[0] : box[1]));
    const isInside = (own: bigint, edge: bigint): boolean => (sign < 0 ? own >= edge : own <= edge);
    return { ...free, units: free.units.map((own, i) => (isInside(own, cut.units[i]!) ? own : cut.units[i]!)) };
  });
  const [low, high] = aligned(ends[0]!, ends[1]!);
  const middle = aligned(centre, low)[0];
  const contains = (point: ExactVector): boolean => {
    const [[p, l], [q, h]] = [aligned(point, low), aligned(point, high)];
    return p.units.every((own, i) => own >= l.units[i]! && q.units[i]! <= h.units[i]!);
  };
  if (!contains(centre)) throw new RangeError('the example lies outside the box');
  return {
    norm: 'linf',
    centre,
    contains,
    towards(direction) {
      const [l, m] = aligned(low, middle);
      const [h] = aligned(high, m);
      return {
        ...l,
        units: l.units.map((own, i) => (direction[i]! > 0 ? h.units[i]! : direction[i]! < 0 ? own : m.units[i]!)),
      };
    },
  };
}

function sphere(centre: ExactVector, epsilon: number): ExactBall {
  const radius = exactVector([epsilon]);
  const contains = (point: ExactVector): boolean => {
    const [offset, own] = aligned(difference(point, centre), radius);
    return offset.units.reduce((total, units) => total + units * units, 0n) <= own.units[0]! * own.units[0]!;
  };
  return {
    norm: 'l2',
    centre,
    contains,
    towards(direction) {
      const largest = Math.max(...Array.from(direction, Math.abs));
      if (largest === 0) return centre;
      const unit = Array.from(direction, entry => entry / largest);
      const norm = Math.hypot(...unit);
      for (let gap = 2 ** -52; gap < 1; gap *= 2) {
        const point = sum(centre, exactVector(unit.map(entry => (entry / norm) * epsilon * (1 - gap))));
        if (contains(point)) return point;
      }
      return centre;
    },
  };
}

/** Points inside, on the border along one axis, and corners, in turn; the first is the centre. */
export function drawnPoints(ball: ExactBall, count: number, next: () => number): ExactVector[] {
  const size = ball.centre.units.length;
  const signs = (): number[] => Array.from({ length: size }, () => (next() < 0.5 ? -1 : 1));
  const kinds = [
    () => ball.towards(signs()),
    () => {
      const axis = Math.floor(next() * size);
      const sign = next() < 0.5 ? -1 : 1;
      return ball.towards(Array.from({ length: size }, (_, i) => (i === axis ? sign : 0)));
    },
    () =>
      between(ball.centre, ball.towards(signs().map(sign => sign * next())), [BigInt(Math.floor(next() * 256)), 256n]),
  ];
  return Array.from({ length: count }, (_, i) => (i === 0 ? ball.centre : kinds[i % kinds.length]!()));
}

/** All corners; at most 2^size. */
export function corners(ball: ExactBall): ExactVector[] {
  const size = ball.centre.units.length;
  return Array.from({ length: 2 ** size }, (_, number) =>
    ball.towards(Array.from({ length: size }, (_, i) => ((number >> i) & 1 ? 1 : -1))),
  );
}

/** A polygon of points of a ball in one or two dimensions, in order: the ball itself (l∞), or 16 points of the circle. */
export function outline(ball: ExactBall): ExactVector[] {
  if (ball.centre.units.length === 1) return [ball.towards([-1]), ball.towards([1])];
  if (ball.norm === 'linf')
    return [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ].map(ball.towards);
  return Array.from({ length: 16 }, (_, i) => ball.towards([Math.cos((Math.PI * i) / 8), Math.sin((Math.PI * i) / 8)]));
}
