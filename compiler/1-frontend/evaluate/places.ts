/** Elements and properties: `sizes[i]`, `options.units`; read and assigned. */
import { diagnose } from '../../diagnostics/catalog.ts';
import type { SourceSpan } from '../../shared/span.ts';
import type { ExpressionOf } from '../syntax/syntax.ts';
import { describe, isList, isObject, isUnknown, type ListValue, unknown, type Value } from '../value.ts';
import { evaluate } from './expressions.ts';
import { listMethod, listMethodNames } from './list-methods.ts';
import { callerNote, type Machine } from './machine.ts';
import { isNullish } from './operators.ts';
import type { Scope } from './scope.ts';

type Place = ExpressionOf<'member'> | ExpressionOf<'index'>;

/** What `?.` gives after null or undefined: the rest of the chain is not evaluated. */
export const stopped: Value = { kind: 'unknown' };

/** A place whose parts have been evaluated, once, however often it is read and written. */
export interface Location {
  readonly object: Value;
  readonly key: Value;
  readonly span: SourceSpan;
}

export function locate(machine: Machine, scope: Scope, place: Place): Location {
  const object = evaluate(machine, scope, place.object);
  if (object === stopped || (place.optional && isNullish(object)))
    return { object: stopped, key: stopped, span: place.span };
  const key = place.kind === 'member' ? place.property : evaluate(machine, scope, place.index);
  return { object, key, span: place.span };
}

/** @param mayMiss true on the left of `??`, where an element that is missing is expected */
export function readLocation(machine: Machine, { object, key, span }: Location, mayMiss = false): Value {
  return object === stopped ? stopped : readKey(machine, object, key, span, mayMiss);
}

function readKey(machine: Machine, object: Value, key: Value, span: SourceSpan, mayMiss: boolean): Value {
  if (isUnknown(object) || isUnknown(key)) return unknown;
  if (typeof key === 'number' && isList(object)) return readElement(machine, object, key, span, mayMiss);
  const property = String(typeof key === 'string' || typeof key === 'number' ? key : describe(key));
  if (isObject(object)) return object.properties.get(property)?.value;
  if (isList(object)) {
    if (property === 'length') return object.items.length;
    const method = listMethod(machine, object, property);
    return method ?? missing(machine, object, property, ['length', ...listMethodNames], span);
  }
  if (typeof object === 'string' && property === 'length') return object.length;
  if (typeof object === 'object' && object?.kind === 'namespace') {
    if (object.members.has(property)) return object.members.get(property);
    return missingMember(machine, object.name, property, [...object.members.keys()], span);
  }
  return missing(machine, object, property, typeof object === 'string' ? ['length'] : [], span);
}

function readElement(machine: Machine, { items }: ListValue, index: number, span: SourceSpan, mayMiss: boolean): Value {
  if (Number.isInteger(index) && index >= 0 && index < items.length) return items[index];
  if (mayMiss) return undefined;
  const values = { index: String(index), length: items.length };
  machine.reporter.report(diagnose('index-out-of-bounds', values, span, [callerNote(machine)]));
  return unknown;
}

function missing(machine: Machine, object: Value, property: string, known: readonly string[], span: SourceSpan): Value {
  machine.reporter.report(
    diagnose('unknown-property', { property, of: describe(object), known }, span, [callerNote(machine)]),
  );
  return unknown;
}

function missingMember(
  machine: Machine,
  name: string,
  property: string,
  known: readonly string[],
  span: SourceSpan,
): Value {
  if (name === 'Math' && property === 'random') {
    const values = { expression: 'Math.random', why: 'gives another value each time the file runs' };
    machine.reporter.report(diagnose('non-static-expression', values, span));
  } else if (name === 'dualc') {
    machine.reporter.report(diagnose('unknown-layer', { name: property, known }, span));
  } else {
    machine.reporter.report(diagnose('unknown-property', { property, of: `\`${name}\``, known }, span));
  }
  return unknown;
}

export function assignLocation(machine: Machine, { object, key, span }: Location, value: Value): void {
  if (isUnknown(object)) return;
  if (isList(object) && isUnknown(key)) object.items.fill(unknown);
  else if (isList(object) && typeof key === 'number') assignElement(machine, object, key, value, span);
  else if (isObject(object) && (typeof key === 'string' || typeof key === 'number')) {
    object.properties.set(String(key), { value, span, nameSpan: span });
  } else if (isObject(object) && isUnknown(key)) {
    for (const [name, property] of object.properties) object.properties.set(name, { ...property, value: unknown });
  } else {
    missing(machine, object, typeof key === 'string' ? key : describe(key), [], span);
  }
}

function assignElement(machine: Machine, target: ListValue, index: number, value: Value, span: SourceSpan): void {
  // The element after the last may be written: that is how lists grow.
  if (Number.isInteger(index) && index >= 0 && index <= target.items.length) target.items[index] = value;
  else
    machine.reporter.report(
      diagnose('index-out-of-bounds', { index: String(index), length: target.items.length }, span),
    );
}
