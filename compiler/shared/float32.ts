/**
 * What is known of float32 arithmetic, and what certificates assume of a backend (docs/soundness.md): rounding to nearest with a
 * 24-bit significand, sums of products in any order, fused or not, subnormal numbers kept or flushed to zero.
 */
import { InternalError } from './assert.ts';

/** `u`: one operation is off by at most this share of its exact result, above the subnormal numbers. */
export const unitRoundoff: number = 2 ** -24;

/** `η`: the smallest normal number; flushing to zero, of an operand or of a result, changes a number by less. */
export const leastNormal: number = 2 ** -126;

/** Sums of more terms than this are refused: their error could be half of all that is added up. */
export const mostTerms: number = 2 ** 22;

/**
 * `γ_n = n·u / (1 − n·u)` (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1): `n` factors `1 + δ`, `|δ| ≤ u`,
 * multiply to within `1 ± γ_n`. So a sum of `n` products, in any order, is off by at most `γ_n` times the sum of their sizes.
 */
export function gamma(terms: number): number {
  if (!(terms <= 2 * mostTerms)) throw new InternalError(`float32 sums of ${terms} terms have no useful bound`);
  return (terms * unitRoundoff) / (1 - terms * unitRoundoff);
}

/** The least float32 number that is not below `x`; constants of a program that must not be rounded down are made with it. */
export function roundedUp(x: number): number {
  const nearest = Math.fround(x);
  if (nearest >= x || !Number.isFinite(x)) return nearest;
  const bits = new Int32Array(1);
  const value = new Float32Array(bits.buffer);
  value[0] = nearest;
  // The bits of positive numbers are ordered as the numbers are, those of negative ones the other way round.
  if (nearest === 0) return 2 ** -149;
  bits[0]! += nearest > 0 ? 1 : -1;
  return value[0]!;
}

/** The greatest float32 number that is not above `x`. */
export const roundedDown = (x: number): number => -roundedUp(-x);

/** `φ`: what is added to sizes, so that every share of one is worth several `η`: even `u·φ` is 4η. */
export const floorOfSizes: number = 2 ** -100;

/**
 * What is added to radii, where a few `η` would be enough: radii of neurons that are not free at all are multiplied by weights, and
 * processors take some twenty times as long for a product that is subnormal. So far above `η`, products with all weights but the tiniest are not.
 */
export const floorOfRadii: number = 2 ** -80;

/** The largest number that float32 holds. */
export const largestFloat32: number = (2 - 2 ** -23) * 2 ** 127;

/** Whether float32 holds a number, or its nearest neighbour, as zero or with all its digits. */
export function isFloat32(value: number): boolean {
  const size = Math.abs(Math.fround(value));
  return value === 0 || (size >= leastNormal && size <= largestFloat32);
}
