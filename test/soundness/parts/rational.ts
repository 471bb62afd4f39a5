import Fraction from 'fraction.js';
import { dyadicOf } from '../exact/dyadic.ts';

/** The number itself, exactly. */
export function rational(value: number): Fraction {
  const { units, exponent } = dyadicOf(value);
  const scale = 2n ** BigInt(Math.abs(exponent));
  return exponent < 0 ? new Fraction(units, scale) : new Fraction(units * scale);
}
