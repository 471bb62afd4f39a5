/** A text that two operations share exactly when they are the same, attributes and blocks included. */
import type { Op } from './tensor-program.ts';

export function opKey(op: Op): string {
  const known = keys.get(op);
  if (known !== undefined) return known;
  const key = exactly(op);
  keys.set(op, key);
  return key;
}

/** Operations never change, and most pass from one program to the next. */
const keys = new WeakMap<Op, string>();

/** Attributes in one order. Numbers are told apart that JSON writes alike: −0 from 0, infinities and NaN from null. */
function exactly(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined';
  if (Array.isArray(value)) return `[${value.map(exactly).join()}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, of]) => `${name}:${exactly(of)}`).join()}}`;
}
