/** Schemas of single values, each with the message that says what would do. */
import * as v from 'valibot';
import type { RandomKey } from '../contract.ts';
import { isRandomKey } from '../random/random-key.ts';
import { radiusProblem } from './float32-radius.ts';

type Schema<Value> = v.GenericSchema<unknown, Value>;

const when = <Value>(holds: (value: unknown) => boolean, message: string): Schema<Value> =>
  v.custom<Value>(holds, message);

const isNumber = (value: unknown): value is number => typeof value === 'number';

export const wholeNumber = (least: number): Schema<number> =>
  when(
    value => Number.isSafeInteger(value) && (value as number) >= least,
    `it needs a whole number, at least ${least}`,
  );

export const positive: Schema<number> = when(
  value => isNumber(value) && value > 0 && Number.isFinite(value),
  'it needs a finite number above 0',
);

export const nonNegative: Schema<number> = when(
  value => isNumber(value) && value >= 0 && Number.isFinite(value),
  'it needs a finite number, at least 0',
);

/** As `positive`, infinity too. */
export const duration: Schema<number> = when(value => isNumber(value) && value >= 0, 'it needs a number, at least 0');

export const share: Schema<number> = when(
  value => isNumber(value) && value >= 0 && value <= 1,
  'it needs a number from 0 to 1',
);

/** From 0, below 1. */
export const properShare: Schema<number> = when(
  value => isNumber(value) && value >= 0 && value < 1,
  'it needs a number from 0 to 1, 1 itself left out',
);

/** A ball's radius. */
export const radius: Schema<number> = v.custom<number>(
  value => radiusProblem(value) === null,
  ({ input }) => radiusProblem(input) ?? '',
);

/** A ball's radius, or 0. */
export const radiusOrZero: Schema<number> = v.custom<number>(
  value => value === 0 || radiusProblem(value) === null,
  ({ input }) => `${radiusProblem(input)}; 0 would do too`,
);

export const norm: Schema<'linf' | 'l2'> = v.picklist(['linf', 'l2'], "it needs 'linf' or 'l2'");

/** Limits of every input value. */
export const box: Schema<readonly [number, number] | null> = when(
  value =>
    value === null ||
    (Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1]),
  'it needs two finite numbers, the smaller first, or null',
);

export const flag: Schema<boolean> = v.boolean('it needs true or false');

export const text: Schema<string> = when(
  value => typeof value === 'string' && value !== '',
  'it needs a text that is not empty',
);

export const oneOf = <const Names extends readonly string[]>(names: Names): Schema<Names[number]> =>
  v.picklist(names, `it needs ${names.map(name => `'${name}'`).join(' or ')}`);

export const callback = <Call>(): Schema<Call> => when(value => typeof value === 'function', 'it needs a function');

export const randomKey: Schema<RandomKey> = when(isRandomKey, 'it needs a key: keyFrom(seed), or foldIn(key, part)');

/** A text for each name, whatever the names: `v.record` drops `constructor`, `prototype` and `__proto__` unasked. */
export const textsByName = (wanted: string): v.GenericSchema<Readonly<Record<string, string>>> =>
  v.custom<Readonly<Record<string, string>>>(
    value =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every(text => typeof text === 'string'),
    wanted,
  );
