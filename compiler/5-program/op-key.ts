/** A text that two operations share exactly when they are the same, attributes and blocks included. */
import type { Op } from './tensor-program.ts';

export function opKey(op: Op): string {
  const known = keys.get(op);
  if (known !== undefined) return known;
  // Most operations have no attributes.
  const key = Object.keys(op).length === 1 ? JSON.stringify(op) : JSON.stringify(op, exactly);
  keys.set(op, key);
  return key;
}

/** Operations never change, and most pass from one program to the next. */
const keys = new WeakMap<Op, string>();

/** Attributes in one order, and numbers that JSON cannot tell apart (−0 from 0, infinities and NaN from null) as words. */
function exactly(_key: string, value: unknown): unknown {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
