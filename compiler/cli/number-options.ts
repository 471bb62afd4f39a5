/** Numbers on the command line. Each parser raises commander's `InvalidArgumentError`, which is exit code 2. */
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { isFloat32, largestFloat32 } from '../shared/float32.ts';

/** A whole number in a range, ends included. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return text => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least || value > most) {
      const end = most === Number.MAX_SAFE_INTEGER ? '' : `, at most ${most}`;
      throw new InvalidArgumentError(`It must be a whole number, at least ${least}${end}.`);
    }
    return value;
  };
}

/** One or several, separated by commas, each once. */
export function wholeNumbers(least: number): (text: string) => number[] {
  const read = wholeNumber(least);
  return text => [...new Set(text.split(',').map(part => read(part.trim())))];
}

/** Ends of a range of numbers that are not negative; `above` and `below` are not in it themselves. */
export interface Limits {
  readonly above?: number;
  readonly most?: number;
  readonly below?: number;
}

/** A number, at least 0, within limits; `0.001`, `1e-3`, `8/255`. */
export function numberWithin({ above, most = Number.POSITIVE_INFINITY, below }: Limits): (text: string) => number {
  const start = above === undefined ? 'at least 0' : above === 0 ? 'larger than 0' : `larger than ${above}`;
  const end = below !== undefined ? ` and below ${below}` : Number.isFinite(most) ? ` and at most ${most}` : '';
  return text => {
    const value = parseFraction(text);
    if (value === null)
      throw new InvalidArgumentError('It must be a number such as 0.1 or a fraction such as 8/255, and not negative.');
    if (!isFloat32(value)) throw new InvalidArgumentError(float32Range);
    if (value <= (above ?? -1) || value > most || value >= (below ?? Number.POSITIVE_INFINITY))
      throw new InvalidArgumentError(`It must be ${start}${end}.`);
    return value;
  };
}

/** A number, at least 0. */
export const nonNegative: (text: string) => number = numberWithin({});
/** As `nonNegative`, above 0. */
export const positive: (text: string) => number = numberWithin({ above: 0 });

const float32Range = `Computation is in float32, which holds numbers from ${(2 ** -126).toPrecision(2)} to ${largestFloat32.toPrecision(2)}.`;

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
  if (!isFloat32(lower) || !isFloat32(upper)) throw new InvalidArgumentError(float32Range);
  if (Math.fround(lower) === Math.fround(upper))
    throw new InvalidArgumentError('Its ends are too close: float32 cannot tell them apart.');
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
