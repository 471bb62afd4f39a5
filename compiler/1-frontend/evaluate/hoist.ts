/** Makes the names of a block known when it is entered, as TypeScript does: functions with their value, variables without. */
import { diagnose } from '../../diagnostics/catalog.ts';
import type { SourceSpan } from '../../shared/span.ts';
import { namesIn } from '../syntax/read-module.ts';
import type { Pattern, Statement } from '../syntax/syntax.ts';
import { unknown } from '../value.ts';
import type { Machine } from './machine.ts';
import type { Binding, Scope } from './scope.ts';

export function hoist(machine: Machine, scope: Scope, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement.kind === 'declare') {
      declareNames(
        machine,
        scope,
        statement.declarations.map(({ target }) => target),
        statement.constant,
      );
    } else if (statement.kind === 'declareFunction') {
      const value = { kind: 'function' as const, syntax: statement.function, scope };
      declare(
        machine,
        scope,
        statement.name,
        { value, ready: true, constant: true, span: statement.nameSpan },
        statement.nameSpan,
      );
    } else if (statement.kind === 'declareUnknown') {
      declare(
        machine,
        scope,
        statement.name,
        { value: unknown, ready: true, constant: true, span: statement.nameSpan },
        statement.nameSpan,
      );
    }
  }
}

/** Declares the names of patterns, without values yet. */
export function declareNames(machine: Machine, scope: Scope, patterns: readonly Pattern[], constant: boolean): void {
  for (const { name, span } of patterns.flatMap(namesIn)) {
    declare(machine, scope, name, { value: undefined, ready: false, constant, span }, span);
  }
}

function declare(machine: Machine, scope: Scope, name: string, binding: Binding, span: SourceSpan): void {
  const earlier = scope.bindings.get(name);
  if (earlier === undefined) {
    scope.bindings.set(name, binding);
    return;
  }
  const note = earlier.span && { span: earlier.span, label: 'first declared here' };
  machine.reporter.report(diagnose('already-declared', { name }, span, [note]));
}
