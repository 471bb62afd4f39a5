/** Reads the options object of one call against the rows of the vocabulary. */
import { diagnose } from '../diagnostics/catalog.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { SourceSpan } from '../shared/span.ts';
import { nameProblem } from './layer-name.ts';
import { type OptionRow, type OptionRows, text } from './option-rules.ts';
import { type Argument, describe, isObject, isUnknown, type Property } from './value.ts';

export interface OptionsCall {
  /** As messages call it: `conv2d()`. */
  readonly of: string;
  /** The whole call, where missing options are reported. */
  readonly span: SourceSpan;
  readonly reporter: Reporter;
  /** Layers have the option `name`; balls and networks have not. */
  readonly named: boolean;
}

export interface ReadOptions<Options> {
  /** The options with defaults filled in. A refused option is absent. */
  readonly values: Partial<Options>;
  /** The same when none is absent. */
  readonly complete: Options | null;
  readonly name: string | null;
  readonly spans: Readonly<Record<string, SourceSpan>>;
}

/**
 * @param options the options object, or undefined when none is given
 * @param positional options that were given by position
 */
export function readOptions<Options extends object>(
  call: OptionsCall,
  rows: OptionRows<Options>,
  options: Argument | undefined,
  positional: Readonly<Record<string, Argument>> = {},
): ReadOptions<Options> {
  const required = Object.entries<OptionRow<unknown>>(rows).flatMap(([name, row]) =>
    row.default === undefined && !Object.hasOwn(positional, name) ? [name] : [],
  );
  const given = givenOptions(call, options, positional, required);
  if (given === null) return { values: {}, complete: null, name: null, spans: {} };
  const known = Object.entries<OptionRow<unknown>>(rows);
  const names = known.map(([name]) => name);
  const allowed = call.named ? [...names, 'name'] : names;
  let allKnown = true;
  for (const [option, { nameSpan }] of given) {
    if (allowed.includes(option)) continue;
    allKnown = false;
    call.reporter.report(diagnose('unknown-option', { option, of: call.of, known: allowed }, nameSpan));
  }
  const values: Record<string, unknown> = {};
  const missing: string[] = [];
  for (const [name, row] of known) {
    const property = given.get(name);
    if (property === undefined || property.value === undefined) {
      if (row.default !== undefined) values[name] = row.default;
      else missing.push(name);
    } else if (!isUnknown(property.value)) {
      const read = row.rule(property.value, { what: `\`${name}\``, span: property.span, reporter: call.reporter });
      if (read !== undefined) values[name] = read;
    }
  }
  // A misspelt option is reported as such, and not a second time as the missing one it was meant to be.
  if (missing.length > 0 && allKnown) {
    call.reporter.report(diagnose('missing-option', { options: missing, of: call.of }, call.span));
  }
  const spans = Object.fromEntries([...given].map(([name, { span }]) => [name, span]));
  const name = call.named ? readName(call, given.get('name')) : null;
  const isComplete = allKnown && name !== undefined && names.every(name => Object.hasOwn(values, name));
  const checked = values as Partial<Options>;
  return { values: checked, complete: isComplete ? (checked as Options) : null, name: name ?? null, spans };
}

function givenOptions(
  call: OptionsCall,
  options: Argument | undefined,
  positional: Readonly<Record<string, Argument>>,
  required: readonly string[],
): ReadonlyMap<string, Property> | null {
  const given = new Map<string, Property>();
  for (const [name, { value, span }] of Object.entries(positional)) given.set(name, { value, span, nameSpan: span });
  if (options === undefined || options.value === undefined) return given;
  if (isUnknown(options.value)) return null;
  if (!isObject(options.value)) {
    const values = {
      what: `the options of ${call.of}`,
      expected: 'an object',
      found: describe(options.value),
      hint: required.length === 0 ? '' : `options have names: { ${required.map(name => `${name}: …`).join(', ')} }`,
    };
    call.reporter.report(diagnose('wrong-type', values, options.span));
    return null;
  }
  for (const [name, property] of options.value.properties) given.set(name, property);
  return given;
}

/** Null when no name is given, undefined when it was refused or is unknown. */
function readName(call: OptionsCall, property: Property | undefined): string | null | undefined {
  if (property === undefined || property.value === undefined) return null;
  if (isUnknown(property.value)) return undefined;
  const name = text(property.value, { what: '`name`', span: property.span, reporter: call.reporter });
  const why = name === undefined ? null : nameProblem(name);
  if (why === null) return name;
  call.reporter.report(diagnose('bad-name', { name: describe(property.value), why }, property.span));
  return undefined;
}
