/** How single options are read from values: one rule per type, each reporting what it refuses. */
import { type DiagnosticCode, diagnose, type ProblemArguments } from '../diagnostics/catalog.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import { isFloat32 } from '../shared/float32.ts';
import type { SourceSpan } from '../shared/span.ts';
import type { LocatedBall, Operand, Pair, WrittenPadding } from './arch-ast.ts';
import { describe, isLayer, isList, isObject, isUnknown, kindOf, type Value } from './value.ts';

/** The option being read. */
export interface OptionPlace {
  /** As messages call it: `` `filters` ``. */
  readonly what: string;
  readonly span: SourceSpan;
  readonly reporter: Reporter;
}

/** An option without `default` must be given. */
export interface OptionRow<T> {
  readonly rule: OptionRule<T>;
  readonly default?: T;
}

export type OptionRows<Options> = { readonly [Name in keyof Options]: OptionRow<Options[Name]> };

/** Gives the option's value, or undefined after reporting. Never called with an unknown value or undefined. */
export type OptionRule<T> = (value: Value, place: OptionPlace) => T | undefined;

export const largestSize: number = 2 ** 24;

function refuse<Code extends DiagnosticCode>(
  place: OptionPlace,
  code: Code,
  values: ProblemArguments[Code],
): undefined {
  place.reporter.report(diagnose(code, values, place.span));
}

function refuseType(place: OptionPlace, expected: string, found: Value, hint = ''): undefined {
  refuse(place, 'wrong-type', { what: place.what, expected, found: describe(found), hint });
}

/** A finite number. */
const number: OptionRule<number> = (value, place) => {
  if (typeof value !== 'number') return refuseType(place, 'a number', value);
  if (!Number.isFinite(value)) return refuse(place, 'not-finite', { expression: place.what, result: String(value) });
  return value;
};

/** A finite number that float32 holds. */
const float32: OptionRule<number> = (value, place) => {
  const found = number(value, place);
  return found === undefined || isFloat32(found) ? found : refuseFloat32(place, found, whyNotFloat32(found));
};

function refuseFloat32(place: OptionPlace, value: number | string, why: string): undefined {
  refuse(place, 'not-in-float32', { what: place.what, value: String(value), why });
}

const whyNotFloat32 = (value: number): string =>
  Math.abs(value) < 1 ? 'too small for float32' : 'too large for float32';

const wholeNumber: OptionRule<number> = (value, place) => {
  const found = number(value, place);
  if (found === undefined || Number.isInteger(found)) return found;
  return refuse(place, 'non-integer-size', { what: place.what, value: String(found) });
};

export const size: OptionRule<number> = (value, place) => {
  const found = wholeNumber(value, place);
  if (found === undefined) return undefined;
  if (found < 1) return refuse(place, 'non-positive-size', { what: place.what, value: String(found) });
  if (found > largestSize)
    return refuse(place, 'size-too-large', { what: place.what, value: String(found), limit: largestSize });
  return found;
};

export const boolean: OptionRule<boolean> = (value, place) =>
  typeof value === 'boolean' ? value : refuseType(place, 'true or false', value);

export const text: OptionRule<string> = (value, place) =>
  typeof value === 'string' ? value : refuseType(place, 'a text', value);

/** Reads every item, so that all wrong ones are found; undefined when any was refused or is unknown. */
function each<T>(
  items: readonly Value[],
  place: OptionPlace,
  rule: OptionRule<T>,
  nameOf: (index: number) => string = index => `[${index}]`,
): readonly T[] | undefined {
  const what = place.what.replaceAll('`', '');
  const read = items.map((item, index) =>
    isUnknown(item) ? undefined : rule(item, { ...place, what: `\`${what}${nameOf(index)}\`` }),
  );
  const known = read.filter(item => item !== undefined);
  return known.length === read.length ? known : undefined;
}

/** A number for height and width, or `[height, width]`. */
export const sizePair: OptionRule<Pair> = (value, place) => {
  if (typeof value === 'number') {
    const both = size(value, place);
    return both === undefined ? undefined : [both, both];
  }
  if (!isList(value) || value.items.length !== 2) return refuseType(place, 'a number or [height, width]', value);
  const pair = each(value.items, place, size);
  return pair === undefined ? undefined : [pair[0]!, pair[1]!];
};

/** One to three axes; larger shapes have no layer that takes them. */
export const shape: OptionRule<readonly number[]> = (value, place) => {
  const expected = 'a list of sizes, such as [28, 28, 1]';
  if (!isList(value)) return refuseType(place, expected, value);
  if (value.items.length === 0 || value.items.length > 4)
    return refuseType(place, `${expected}, with one to four axes`, value);
  return each(value.items, place, size);
};

/** `[lowest, highest]`. */
export const range: OptionRule<Pair> = (value, place) => {
  if (!isList(value) || value.items.length !== 2) return refuseType(place, '[lowest, highest]', value);
  const pair = each(value.items, place, float32);
  if (pair === undefined) return undefined;
  const [low, high] = [pair[0]!, pair[1]!];
  const written = `[${low}, ${high}]`;
  if (low >= high) return refuse(place, 'empty-range', { what: place.what, value: written });
  return Math.fround(low) < Math.fround(high)
    ? [low, high]
    : refuseFloat32(place, written, 'a single number in float32');
};

const paddingSide: OptionRule<number> = (value, place) => {
  const found = wholeNumber(value, place);
  if (found === undefined) return undefined;
  if (found > largestSize)
    return refuse(place, 'size-too-large', { what: place.what, value: String(found), limit: largestSize });
  return found >= 0 ? found : refuse(place, 'negative-padding', { value: String(found) });
};

const sides: readonly string[] = ['top', 'bottom', 'left', 'right'];

export const padding: OptionRule<WrittenPadding> = (value, place) => {
  if (value === 'same' || value === 'valid') return value;
  if (typeof value === 'number') {
    const all = paddingSide(value, place);
    return all === undefined ? undefined : { top: all, bottom: all, left: all, right: all };
  }
  if (!isObject(value)) return refuseType(place, "'same', 'valid', a number, or { top, bottom, left, right }", value);
  for (const [option, { nameSpan }] of value.properties) {
    if (!sides.includes(option))
      place.reporter.report(diagnose('unknown-option', { option, of: '`padding`', known: sides }, nameSpan));
  }
  const given = sides.map(side => value.properties.get(side)?.value ?? 0);
  const read = each(given, place, paddingSide, index => `.${sides[index]}`);
  if (read === undefined || [...value.properties.keys()].some(side => !sides.includes(side))) return undefined;
  return { top: read[0]!, bottom: read[1]!, left: read[2]!, right: read[3]! };
};

/** One number for all channels, or a list with one for each. */
export const perChannel: OptionRule<number | readonly number[]> = (value, place) => {
  if (typeof value === 'number') return float32(value, place);
  if (!isList(value) || value.items.length === 0)
    return refuseType(place, 'a number, or a list with one number per channel', value);
  return each(value.items, place, float32);
};

export const positivePerChannel: OptionRule<number | readonly number[]> = (value, place) => {
  const found = perChannel(value, place);
  if (found === undefined) return undefined;
  const all = typeof found === 'number' ? [found] : found;
  const wrong = all.find(std => std <= 0);
  if (wrong !== undefined) return refuse(place, 'std-not-positive', { value: String(wrong) });
  const steep = all.find(std => !isFloat32(1 / std));
  return steep === undefined ? found : refuseFloat32(place, steep, 'and 1 / std is too small for float32');
};

export const epsilon: OptionRule<number> = (value, place) => {
  const found = number(value, place);
  if (found === undefined) return undefined;
  return found > 0 ? float32(found, place) : refuse(place, 'epsilon-not-positive', { value: String(found) });
};

/** A number from 0 to 1, that float32 holds. */
export const share: OptionRule<number> = (value, place) => {
  const found = float32(value, place);
  if (found === undefined || (found >= 0 && found <= 1)) return found;
  return refuse(place, 'out-of-range', { what: place.what, value: String(found), range: [0, 1] });
};

export const layer: OptionRule<Operand> = (value, place) => {
  if (isLayer(value)) return { id: value.id, span: place.span };
  const hint = isList(value) && value.items.every(isLayer) ? 'spread the list: add(...layers)' : '';
  return refuseType(place, 'a layer', value, hint);
};

export const outputLayer: OptionRule<Operand> = (value, place) => {
  if (!isList(value) || value.items.length === 0 || !value.items.every(isLayer)) return layer(value, place);
  return refuse(place, 'several-outputs', { count: value.items.length });
};

export const ball: OptionRule<{ readonly ball: LocatedBall | null }> = (value, place) => {
  if (kindOf(value) === 'ball' && typeof value === 'object' && value?.kind === 'ball') return { ball: value.ball };
  return refuseType(place, 'linf({ epsilon }) or l2({ epsilon })', value);
};
