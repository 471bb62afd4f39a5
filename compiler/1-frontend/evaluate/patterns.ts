/** Takes values apart into variables: declarations, parameters, loops, assignments. */
import { diagnose } from '../../diagnostics/catalog.ts';
import type { Pattern, PatternElement, PropertyKey } from '../syntax/syntax.ts';
import { describe, isObject, isUnknown, list, type Property, unknown, type Value } from '../value.ts';
import { evaluate } from './expressions.ts';
import { drawList } from './iterate.ts';
import { callerNote, type Machine, nameAfterConst, work } from './machine.ts';
import { assignLocation, locate } from './places.ts';
import { findBinding, type Scope, visibleNames } from './scope.ts';

/** What happens to the names of a pattern: new ones of a scope, or ones that exist. */
export type Binder = 'const' | 'let' | 'parameter' | 'assign';

/** Gives the names of `pattern` their parts of `value`. */
export function bind(machine: Machine, scope: Scope, pattern: Pattern, value: Value, binder: Binder): void {
  work(machine, pattern.span);
  switch (pattern.kind) {
    case 'name':
      bindName(machine, scope, pattern.name, pattern, value, binder);
      return;
    case 'list':
      bindList(machine, scope, pattern, value, binder);
      return;
    case 'object':
      bindObject(machine, scope, pattern, value, binder);
      return;
    case 'place':
      assignLocation(machine, locate(machine, scope, pattern.place), value);
      return;
    case 'unsupported':
      return;
  }
}

function bindName(machine: Machine, scope: Scope, name: string, { span }: Pattern, value: Value, binder: Binder): void {
  if (binder === 'assign') {
    assignName(machine, scope, name, { span }, value);
    return;
  }
  const binding = scope.bindings.get(name);
  // A second declaration of the name was reported when the block was entered; the first one stands.
  if (binding === undefined || (binding.ready && binder !== 'parameter')) return;
  binding.value = value;
  binding.ready = true;
  if (binder === 'const') nameAfterConst(machine, name, value);
}

function assignName(machine: Machine, scope: Scope, name: string, { span }: Pick<Pattern, 'span'>, value: Value): void {
  const binding = findBinding(scope, name);
  if (binding === undefined) {
    machine.reporter.report(
      diagnose('undefined-variable', { name, known: visibleNames(scope), inVocabulary: false }, span),
    );
  } else if (!binding.ready) {
    machine.reporter.report(diagnose('used-before-definition', { name }, span));
  } else if (binding.constant) {
    const note = binding.span && { span: binding.span, label: 'declared here' };
    machine.reporter.report(diagnose('assign-to-constant', { name }, span, [note]));
    binding.value = unknown;
  } else {
    binding.value = value;
  }
}

function bindElement(machine: Machine, scope: Scope, element: PatternElement, value: Value, binder: Binder): void {
  const given = value === undefined && element.whenUndefined ? evaluate(machine, scope, element.whenUndefined) : value;
  bind(machine, scope, element.target, given, binder);
}

function bindList(
  machine: Machine,
  scope: Scope,
  pattern: Extract<Pattern, { kind: 'list' }>,
  whole: Value,
  binder: Binder,
): void {
  const value = drawList(whole, pattern.rest === null ? pattern.elements.length : null);
  if (value === null) {
    if (!isUnknown(whole)) refuse(machine, pattern, whole);
    for (const element of pattern.elements) if (element) bind(machine, scope, element.target, unknown, binder);
    if (pattern.rest) bind(machine, scope, pattern.rest, unknown, binder);
    return;
  }
  for (const [index, element] of pattern.elements.entries()) {
    if (element === null) continue;
    if (index >= value.items.length && element.whenUndefined === null) {
      const values = { index: String(index), length: value.items.length };
      machine.reporter.report(diagnose('index-out-of-bounds', values, element.target.span, [callerNote(machine)]));
      bind(machine, scope, element.target, unknown, binder);
    } else bindElement(machine, scope, element, value.items[index], binder);
  }
  if (pattern.rest) bind(machine, scope, pattern.rest, list(value.items.slice(pattern.elements.length)), binder);
}

function bindObject(
  machine: Machine,
  scope: Scope,
  pattern: Extract<Pattern, { kind: 'object' }>,
  value: Value,
  binder: Binder,
): void {
  const whole = isObject(value) ? value.properties : null;
  if (whole === null && !isUnknown(value)) refuse(machine, pattern, value);
  const rest = new Map<string, Property>(whole ?? []);
  for (const property of pattern.properties) {
    const key = keyName(machine, scope, property.key);
    const part = whole === null || key === null ? unknown : whole.get(key)?.value;
    if (key !== null) rest.delete(key);
    bindElement(machine, scope, property, part, binder);
  }
  if (pattern.rest)
    bind(machine, scope, pattern.rest, whole === null ? unknown : { kind: 'object', properties: rest }, binder);
}

/** The name of a property, or null when an error hides it. */
export function keyName(machine: Machine, scope: Scope, key: PropertyKey): string | null {
  if (key.kind === 'fixed') return key.name;
  const value = evaluate(machine, scope, key.name);
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (!isUnknown(value)) {
    const values = { what: 'the name of a property', expected: 'a text or a number', found: describe(value), hint: '' };
    machine.reporter.report(diagnose('wrong-type', values, key.span));
  }
  return null;
}

function refuse(machine: Machine, pattern: Pattern, value: Value): void {
  const wanted = pattern.kind === 'list' ? 'a list' : 'an object';
  machine.reporter.report(
    diagnose('not-iterable', { what: describe(value), wanted }, pattern.span, [callerNote(machine)]),
  );
}
