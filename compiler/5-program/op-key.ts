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
  const attributes = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(attributes).sort();
  return `{${names.map(name => `${name}:${exactly(attributes[name])}`).join()}}`;
}
