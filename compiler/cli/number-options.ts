/** Numbers on the command line. Each parser raises commander's `InvalidArgumentError`, which is exit code 2. */
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { radiusProblem } from '../../runtime/border/float32-radius.ts';

/** A whole number, at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number, at least ${least}.`);
    }
    return value;
  };
}

/** A number, at least 0; `0.001`, `1e-3`, `8/255`. */
export function nonNegative(text: string): number {
  const value = parseFraction(text);
  if (value === null) throw new InvalidArgumentError('It must be a number such as 0.1 or a fraction such as 8/255.');
  return value;
}

/** As `nonNegative`, above 0. */
export function positive(text: string): number {
  const value = nonNegative(text);
  if (value === 0) throw new InvalidArgumentError('It must be larger than 0.');
  return value;
}

/** The radius of a ball, which float32 has to hold. */
export function radius(text: string): number {
  const value = positive(text);
  const problem = radiusProblem(value);
  if (problem !== null) throw new InvalidArgumentError(`It is no radius of a ball: ${problem}.`);
  return value;
}

/** As `radius`, or 0. */
export const radiusOrZero = (text: string): number => (nonNegative(text) === 0 ? 0 : radius(text));

/** A share: `10%` or `0.1`. */
export function share(text: string): number {
  const value = text.endsWith('%') ? (parseFraction(text.slice(0, -1)) ?? Number.NaN) / 100 : parseFraction(text);
  if (value === null || !(value <= 1))
    throw new InvalidArgumentError('It must be a percentage such as 10% or a share such as 0.1.');
  return value;
}

/** Two numbers, `0,1`, the first the smaller. */
export function range(text: string): [number, number] {
  const ends = text.split(',').map(end => (end.trim() === '' ? Number.NaN : Number(end)));
  const [lower = Number.NaN, upper = Number.NaN] = ends;
  if (ends.length !== 2 || !(lower < upper) || !Number.isFinite(upper - lower)) {
    throw new InvalidArgumentError('It must be two numbers, the smaller first, such as 0,1.');
  }
  return [lower, upper];
}

/** Bytes: `800MB`, `1GiB`, `1073741824`. */
export function byteSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(|[KMGT]i?)B?$/i.exec(text.trim());
  if (match === null) throw new InvalidArgumentError('It must be a size such as 1GiB, 800MB or 1073741824.');
  const [, amount, unit = ''] = match;
  const base = unit.toLowerCase().endsWith('i') ? 1024 : 1000;
  const bytes = Math.floor(Number(amount) * base ** ' kmgt'.indexOf(unit[0]?.toLowerCase() ?? ' '));
  if (bytes < 1) throw new InvalidArgumentError('It must be at least one byte.');
  return bytes;
}

function parseFraction(text: string): number | null {
  const number = '(\\d+(?:\\.\\d*)?(?:e[+-]?\\d+)?|\\.\\d+(?:e[+-]?\\d+)?)';
  const match = new RegExp(`^${number}(?:/${number})?$`, 'i').exec(text.trim());
  if (match === null) return null;
  const value = Number(match[1]) / Number(match[2] ?? 1);
  return Number.isFinite(value) ? value : null;
}
