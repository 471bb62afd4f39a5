/**
 * The errors that a certificate allows an operation (docs/soundness.md), and how much of them is used.
 *
 * Exact values are computed in float64. The product of two float32 numbers is exact there. Everything else is off by a share of
 * 2⁻⁵³ for each operation, 2⁻²⁹ of what a float32 operation is allowed, so no longer arithmetic is needed to tell right from wrong.
 */

/** Half of the last place: one operation that rounds to nearest is off by at most this share of its result. */
export const unit: number = 2 ** -24;
/** The smallest float32 number with all its bits. Where a backend takes smaller ones for zero, it loses less than this. */
export const smallestNormal: number = 2 ** -126;
export const largestFloat32: number = (2 - 2 ** -23) * 2 ** 127;
/** Rounding to nearest takes numbers from here on to infinity. */
const firstInfinite = (2 - unit) * 2 ** 127;

/** `n·u/(1 − n·u)`: n roundings in a row, in any order. */
export const gamma = (n: number): number => (n * unit) / (1 - n * unit);

export interface Expected {
  /** May be infinite or NaN: then the entry has to be so too. Beyond float32 it has to be infinite. */
  readonly exact: number;
  readonly allowed: number;
}

/** Error over allowed error: at most 1 when all is well, infinite when a value is altogether wrong. */
export function shareOfAllowed(found: number, { exact, allowed }: Expected): number {
  if (found === exact || (Number.isNaN(found) && Number.isNaN(exact))) return 0;
  const mayOverflow = Math.abs(exact) + allowed >= firstInfinite;
  if (mayOverflow && found === Math.sign(exact) * Number.POSITIVE_INFINITY) return 0;
  const share = Math.abs(found - exact) / allowed;
  return Number.isNaN(share) ? Number.POSITIVE_INFINITY : share;
}

/** The worst entry of some comparison. */
export interface Measure {
  readonly share: number;
  /** Operation, entry, what it is and should be. */
  readonly where: string;
}

/** The worst of entries `indices`, all of `found` by default. A result of another size than `size` is altogether wrong. */
export function measure(
  label: string,
  found: ArrayLike<number>,
  size: number,
  expected: (entry: number) => Expected,
  indices?: readonly number[],
): Measure {
  if (found.length !== size)
    return { share: Number.POSITIVE_INFINITY, where: `${label}: ${found.length} entries in place of ${size}` };
  let worst = -1;
  let worstEntry = 0;
  const count = indices?.length ?? size;
  for (let i = 0; i < count; i++) {
    const entry = indices === undefined ? i : (indices[i] ?? 0);
    const share = shareOfAllowed(found[entry] ?? Number.NaN, expected(entry));
    if (share <= worst) continue;
    worst = share;
    worstEntry = entry;
  }
  const where = `${label}, entry ${worstEntry}: ${print(found[worstEntry])} in place of ${print(expected(worstEntry).exact)}`;
  return { share: Math.max(0, worst), where };
}

export const worstOf = (measures: readonly Measure[]): Measure =>
  measures.reduce((worst, next) => (next.share > worst.share ? next : worst));

const print = (value: number | undefined): string => String(value === undefined ? value : Number(value.toPrecision(9)));
