/**
 * Lists of rational numbers in fixed point: integers on one scale. A matrix product is then products and sums of integers, and no
 * fraction has to be cancelled on the way (Fraction.js, which cancels each, takes some 20 to 100 times as long for a small network).
 */
import { type Dyadic, dyadicOf } from './dyadic.ts';

/** Entry `i` is `units[i] · 2^exponent / divisor`. */
export interface ExactVector {
  readonly units: readonly bigint[];
  readonly exponent: number;
  /** Positive. */
  readonly divisor: bigint;
}

/** Throws a `RangeError` where an entry is not finite. */
export function exactVector(values: ArrayLike<number>): ExactVector {
  const entries: Dyadic[] = Array.from(values, dyadicOf);
  const exponent = entries.reduce(
    (least, { units, exponent: own }) => (units === 0n ? least : Math.min(least, own)),
    Infinity,
  );
  if (exponent === Infinity) return { units: entries.map(() => 0n), exponent: 0, divisor: 1n };
  return {
    units: entries.map(({ units, exponent: own }) => (units === 0n ? 0n : units << BigInt(own - exponent))),
    exponent,
    divisor: 1n,
  };
}

/** The same numbers on a scale that both share. */
export function aligned(a: ExactVector, b: ExactVector): readonly [ExactVector, ExactVector] {
  const exponent = Math.min(a.exponent, b.exponent);
  const divisor = a.divisor === b.divisor ? a.divisor : a.divisor * b.divisor;
  return [onScale(a, exponent, divisor), onScale(b, exponent, divisor)];
}

/** The same of any number of them. */
export function allAligned(vectors: readonly ExactVector[]): ExactVector[] {
  const scale = vectors.reduce((own, other) => aligned(own, other)[0]);
  return vectors.map(vector => onScale(vector, scale.exponent, scale.divisor));
}

/** `exponent` is at most the vector's own, `divisor` a multiple of its. */
function onScale(vector: ExactVector, exponent: number, divisor: bigint): ExactVector {
  const factor = (divisor / vector.divisor) << BigInt(vector.exponent - exponent);
  return factor === 1n ? vector : { units: vector.units.map(units => units * factor), exponent, divisor };
}

export function sum(a: ExactVector, b: ExactVector): ExactVector {
  const [first, second] = aligned(a, b);
  return { ...first, units: first.units.map((units, i) => units + second.units[i]!) };
}

export function difference(a: ExactVector, b: ExactVector): ExactVector {
  const [first, second] = aligned(a, b);
  return { ...first, units: first.units.map((units, i) => units - second.units[i]!) };
}

/** `start + share · (end − start)`. */
export function between(start: ExactVector, end: ExactVector, [over, under]: readonly [bigint, bigint]): ExactVector {
  const [a, b] = aligned(start, end);
  const units = a.units.map((own, i) => own * (under - over) + b.units[i]! * over);
  return reduced({ units, exponent: a.exponent, divisor: a.divisor * under });
}

/** The same numbers with the smallest integers. */
export function reduced({ units, exponent, divisor }: ExactVector): ExactVector {
  let common = divisor;
  for (const entry of units) {
    if (common === 1n) break;
    common = greatestDivisor(common, entry < 0n ? -entry : entry);
  }
  return common === 1n
    ? { units, exponent, divisor }
    : { units: units.map(entry => entry / common), exponent, divisor: divisor / common };
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** −1, 0 or 1 as the entry is below, at or above the number. Infinities are above and below all, NaN throws a `RangeError`. */
export function compareEntry(vector: ExactVector, entry: number, value: number): number {
  if (value === Infinity) return -1;
  if (value === -Infinity) return 1;
  const { units, exponent } = dyadicOf(value);
  const scale = Math.min(exponent, vector.exponent);
  const own = vector.units[entry]! << BigInt(vector.exponent - scale);
  const other = (units * vector.divisor) << BigInt(exponent - scale);
  return own < other ? -1 : own > other ? 1 : 0;
}

/** The entry minus `value`, which is finite, rounded to some 15 digits of the difference. */
export function gapTo(vector: ExactVector, entry: number, value: number): number {
  const { units, exponent } = dyadicOf(value);
  const scale = Math.min(exponent, vector.exponent);
  const own = vector.units[entry]! << BigInt(vector.exponent - scale);
  return quotient(own - ((units * vector.divisor) << BigInt(exponent - scale)), vector.divisor, scale);
}

export const toNumber = (vector: ExactVector, entry: number): number =>
  quotient(vector.units[entry]!, vector.divisor, vector.exponent);

export const toNumbers = (vector: ExactVector): Float64Array =>
  Float64Array.from(vector.units, (_, entry) => toNumber(vector, entry));

/** `over / under · 2^exponent` to some 15 digits, also where neither fits into a double. */
function quotient(over: bigint, under: bigint, exponent: number): number {
  const size = over < 0n ? -over : over;
  const shift = bitLength(size) - bitLength(under) - 64;
  const whole = shift > 0 ? size / (under << BigInt(shift)) : (size << BigInt(-shift)) / under;
  const scaled = scale(Number(whole), exponent + shift);
  return over < 0n ? -scaled : scaled;
}

/** `value · 2^exponent`, in steps none of which overflows before the result does. */
function scale(value: number, exponent: number): number {
  let [result, left] = [value, exponent];
  while (left !== 0 && result !== 0 && Number.isFinite(result)) {
    const step = Math.max(-1000, Math.min(1000, left));
    result *= 2 ** step;
    left -= step;
  }
  return result;
}

const bitLength = (value: bigint): number => value.toString(16).length * 4;
