/**
 * The border of the library: what a caller hands over is checked here once, and trusted behind it. A schema's messages say what
 * the value should have been, as the end of a sentence.
 */
import * as v from 'valibot';
import { InputError } from '../errors.ts';
import { didYouMean } from '../weights/nearest-name.ts';
import { showValue } from './show-value.ts';

/**
 * The value as the schema leaves it, defaults filled in. `name` says whose argument it is, `certify: options`. Raises `InputError`
 * with everything that is wrong: what, its value, and what would do.
 */
export function checkArgument<Checked>(
  schema: v.GenericSchema<unknown, Checked>,
  value: unknown,
  name: string,
): Checked {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new InputError(parsed.issues.map(issue => sentence(issue, schema, name)).join('\n'));
}

type Issue = v.BaseIssue<unknown>;

function sentence(issue: Issue, schema: unknown, name: string): string {
  const keys = issue.path?.map(({ key }) => String(key)) ?? [];
  const owner = [name, ...keys.slice(0, -1)].join('.');
  const entries = entriesAt(schema, keys.slice(0, -1));
  const key = keys.at(-1);
  if (key !== undefined && issue.expected === 'never' && entries !== null) {
    const known = Object.keys(entries);
    return `${owner} has no '${key}'${didYouMean(key, known)}; it may have ${known.join(', ')}`;
  }
  const whole = [owner, ...keys.slice(-1)].join('.');
  // A key that is missing is reported by the object, which does not know what the value should have been.
  const isMissing = key !== undefined && issue.received === 'undefined' && issue.expected === `"${key}"`;
  const wanted = isMissing ? wantedOf(entries?.[key]) : issue.message;
  return `${whole} is ${isMissing ? 'missing' : showValue(issue.input)}: ${wanted}`;
}

/** A schema that holds others: an object's, one that may be absent or null, a choice between objects. */
interface Composite {
  readonly entries?: Entries;
  readonly wrapped?: unknown;
  readonly options?: readonly { readonly entries?: Entries }[];
}

type Entries = Readonly<Record<string, v.GenericSchema>>;

/** The entries of the object schema that a path leads to; null where there is none. */
function entriesAt(schema: unknown, path: readonly string[]): Entries | null {
  const { entries: own, wrapped, options } = (schema ?? {}) as Composite;
  if (wrapped !== undefined) return entriesAt(wrapped, path);
  const entries =
    own ?? (options === undefined ? undefined : Object.assign({}, ...options.map(option => option.entries)));
  if (entries === undefined) return null;
  const [first, ...rest] = path;
  return first === undefined ? entries : entriesAt(entries[first], rest);
}

function wantedOf(schema: v.GenericSchema | undefined): string {
  const parsed = schema === undefined ? null : v.safeParse(schema, undefined);
  return parsed?.issues?.[0].message ?? 'it is needed';
}
