/** A finite double as what it is: an integer times a power of two. */

export interface Dyadic {
  /** Odd, or 0. */
  readonly units: bigint;
  readonly exponent: number;
}

const number = new Float64Array(1);
const bits = new BigUint64Array(number.buffer);
const zero: Dyadic = { units: 0n, exponent: 0 };

/** Throws a `RangeError` for what is not finite. */
export function dyadicOf(value: number): Dyadic {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no rational number`);
  if (value === 0) return zero;
  number[0] = Math.abs(value);
  const field = Number(bits[0]! >> 52n);
  const fraction = bits[0]! & 0xfffffffffffffn;
  // Subnormal numbers have no hidden bit.
  const mantissa = field === 0 ? fraction : fraction | 0x10000000000000n;
  const zeros = trailingZeros(mantissa);
  const units = mantissa >> BigInt(zeros);
  return { units: value < 0 ? -units : units, exponent: Math.max(field, 1) - 1075 + zeros };
}

/** Of a positive integer below 2^53. */
function trailingZeros(mantissa: bigint): number {
  const low = Number(mantissa & 0xffffffffn);
  if (low !== 0) return 31 - Math.clz32(low & -low);
  const high = Number(mantissa >> 32n);
  return 63 - Math.clz32(high & -high);
}
