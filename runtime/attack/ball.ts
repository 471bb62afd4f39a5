/** The set that an attack may search: a ball around an example, cut by a box. Computed in float64, for points in float32. */

export interface AttackBall {
  readonly norm: 'linf' | 'l2';
  readonly epsilon: number;
  readonly box: readonly [number, number] | null;
}

/**
 * Moves a point into the ball around `centre` and into the box, in place. The float32 result lies in both exactly, when
 * measured in float64. `centre` must lie in the box. For ℓ2 with a box the point is clipped to the box and then drawn
 * towards the centre, which stays in the box because the box is convex.
 */
export function project(point: Float32Array, centre: Float32Array, { norm, epsilon, box }: AttackBall): void {
  if (box !== null) {
    for (let i = 0; i < point.length; i++) point[i] = Math.min(Math.max(point[i]!, box[0]), box[1]);
    clampRounded(point, box);
  }
  if (norm === 'linf') projectLinf(point, centre, epsilon);
  else projectL2(point, centre, epsilon);
}

/** Rounding to float32 may put a box's edge, 0.1 say, outside the box: such a value goes one step inwards. */
function clampRounded(point: Float32Array, [low, high]: readonly [number, number]): void {
  for (let i = 0; i < point.length; i++) {
    if (point[i]! < low) point[i] = nextFloat(point[i]!, 1);
    else if (point[i]! > high) point[i] = nextFloat(point[i]!, -1);
  }
}

function projectLinf(point: Float32Array, centre: Float32Array, epsilon: number): void {
  for (let i = 0; i < point.length; i++) {
    const middle = centre[i]!;
    point[i] = Math.min(Math.max(point[i]!, middle - epsilon), middle + epsilon);
    if (Math.abs(point[i]! - middle) > epsilon) point[i] = nextFloat(point[i]!, point[i]! > middle ? -1 : 1);
  }
}

function projectL2(point: Float32Array, centre: Float32Array, epsilon: number): void {
  // Rounding can leave a shrunk point outside by a hair; each round aims further in, at last at the centre itself.
  for (let gap = 2 ** -24, far = distance(point, centre); far > epsilon; gap *= 2, far = distance(point, centre)) {
    const factor = (Math.max(0, 1 - gap) * epsilon) / far;
    for (let i = 0; i < point.length; i++) point[i] = centre[i]! + factor * (point[i]! - centre[i]!);
  }
}

/** The ℓ2 distance, in float64. */
export function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The next float32 above (`+1`) or below (`−1`). */
function nextFloat(value: number, direction: 1 | -1): number {
  float[0] = value;
  if (float[0] === 0) return direction * 2 ** -149;
  bits[0]! += float[0]! > 0 === direction > 0 ? 1 : -1;
  return float[0]!;
}
