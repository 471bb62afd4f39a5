/** The least and the greatest that each entry of a layer was seen to be, over points and ways to compute, with where that was. */
import { aligned, type ExactVector, exactVector, toNumber } from './exact-vector.ts';

export interface Seen {
  /** To some 15 digits; the value itself where it is not finite. */
  readonly about: number;
  /** Null where the value is not finite. */
  readonly exact: { readonly vector: ExactVector; readonly entry: number } | null;
  /** How it was computed, and at which point. */
  readonly how: string;
  readonly point: ExactVector;
}

export interface Extremes {
  /** One for each entry. */
  readonly least: readonly Seen[];
  readonly greatest: readonly Seen[];
}

/** What one evaluation found. */
export function seenIn(vector: ExactVector, how: string, point: ExactVector): Seen[] {
  return vector.units.map((_, entry) => ({ about: toNumber(vector, entry), exact: { vector, entry }, how, point }));
}

/** Of float32 numbers, which may be anything. */
export function seenInFloats(values: ArrayLike<number>, how: string, point: ExactVector): Seen[] {
  return Array.from(values, value => {
    const exact = Number.isFinite(value) ? { vector: exactVector([value]), entry: 0 } : null;
    return { about: value, exact, how, point };
  });
}

export function widened(before: Extremes | undefined, seen: readonly Seen[]): Extremes {
  if (before === undefined) return { least: seen, greatest: seen };
  return {
    least: before.least.map((own, i) => (isFurther(seen[i]!, own, -1) ? seen[i]! : own)),
    greatest: before.greatest.map((own, i) => (isFurther(seen[i]!, own, 1) ? seen[i]! : own)),
  };
}

/** What is not a number is further than all that is, both ways: it keeps no bound. */
function isFurther(a: Seen, b: Seen, side: 1 | -1): boolean {
  if (Number.isNaN(b.about)) return false;
  if (Number.isNaN(a.about)) return true;
  const gap = (a.about - b.about) * side;
  const isClear = Math.abs(gap) > 1e-12 * Math.max(Math.abs(a.about), Math.abs(b.about));
  if (isClear || a.exact === null || b.exact === null) return gap > 0;
  const [x, y] = aligned(a.exact.vector, b.exact.vector);
  const [own, other] = [x.units[a.exact.entry]!, y.units[b.exact.entry]!];
  return side > 0 ? own > other : own < other;
}
