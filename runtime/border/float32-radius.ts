/** Radii of balls that float32 can hold. */

/** The smallest number that float32 holds at full precision; backends may take a smaller one for 0. */
export const leastRadius: number = 2 ** -126;

/**
 * What is wrong with a ball's radius, as the end of a sentence that begins with its value; null when nothing is. A radius that
 * vanishes in float32 would certify the centre alone and be taken for a proof about the ball.
 */
export function radiusProblem(epsilon: unknown): string | null {
  if (typeof epsilon !== 'number') return 'a radius is a number above 0, in the units of the input: 0.1, 8 / 255';
  if (!(epsilon > 0 && epsilon < Number.POSITIVE_INFINITY)) return 'a radius is a finite number above 0: 0.1, 8 / 255';
  const held = Math.fround(epsilon);
  if (held < leastRadius) {
    return `it vanishes in float32, in which networks compute: the smallest radius is ${leastRadius.toPrecision(3)}`;
  }
  return held === Number.POSITIVE_INFINITY ? 'it is beyond float32, in which networks compute' : null;
}

/** A radius on the way from 0 to a valid one, as a step of training can use it: what would vanish is 0. */
export const heldRadius = (epsilon: number): number => (Math.fround(epsilon) < leastRadius ? 0 : epsilon);
