/** Rational points moved to float32 points of the same ball. */
import { compareEntry, type ExactVector, toNumber } from './exact-vector.ts';

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The next float32 above (`1`) or below (`−1`). */
export function nextFloat(value: number, direction: 1 | -1): number {
  float[0] = value;
  if (float[0] === 0) return direction * 2 ** -149;
  bits[0]! += float[0]! > 0 === direction > 0 ? 1 : -1;
  return float[0]!;
}

/**
 * Each entry moved to the nearest float32 on the way to the centre: a ball holds whatever lies, entry by entry, between its centre
 * and one of its points. `centre` is float32.
 */
export function float32Point(point: ExactVector, centre: ArrayLike<number>): Float32Array {
  return Float32Array.from(point.units, (_, i) => {
    const middle = centre[i]!;
    const side = compareEntry(point, i, middle);
    if (side === 0) return middle;
    let entry = Math.fround(toNumber(point, i));
    while (compareEntry(point, i, entry) * side < 0) entry = nextFloat(entry, side > 0 ? -1 : 1);
    return entry;
  });
}
