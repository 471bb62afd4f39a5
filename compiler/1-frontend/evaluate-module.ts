/** Evaluates the statements of one file and collects what it exports. */
import { diagnose } from '../diagnostics/catalog.ts';
import type { SourceSpan } from '../shared/span.ts';
import { evaluate } from './evaluate/expressions.ts';
import { hoist } from './evaluate/hoist.ts';
import type { Machine } from './evaluate/machine.ts';
import { findBinding, type Scope, visibleNames } from './evaluate/scope.ts';
import { execute } from './evaluate/statements.ts';
import type { ExportedName, ModuleSyntax } from './syntax/syntax.ts';
import { unknown, type Value } from './value.ts';

export interface ExportedValue {
  readonly value: Value;
  /** Where it is exported; null for the words of dualc. */
  readonly span: SourceSpan | null;
}
export type Exports = ReadonlyMap<string, ExportedValue>;

/** @param scope holds the imported names */
export function evaluateModule(machine: Machine, scope: Scope, syntax: ModuleSyntax, reexports: Exports): Exports {
  const exported = new Map<string, ExportedValue>(reexports);
  const places = new Map<string, SourceSpan>();
  const claim = (name: string, span: SourceSpan): boolean => {
    const earlier = places.get(name);
    if (earlier !== undefined) {
      machine.reporter.report(
        diagnose('duplicate-export', { name }, span, [{ span: earlier, label: 'first exported here' }]),
      );
      return false;
    }
    places.set(name, span);
    return true;
  };
  const named: ExportedName[] = [];
  hoist(machine, scope, syntax.statements);
  for (const statement of syntax.statements) {
    if (statement.kind === 'exportDefault') {
      const value = evaluate(machine, scope, statement.value);
      const { span } = statement.value;
      if (claim('default', span)) exported.set('default', { value, span });
    } else if (statement.kind === 'exportNames') named.push(...statement.names);
    else execute(machine, scope, statement);
  }
  // A file exports variables, not values: what they hold when it is done.
  for (const { local, exported: name, span } of named) {
    if (claim(name, span)) exported.set(name, { value: exportedValue(machine, scope, local, span), span });
  }
  return exported;
}

function exportedValue(machine: Machine, scope: Scope, name: string, span: SourceSpan): Value {
  const binding = findBinding(scope, name);
  if (binding !== undefined) return binding.value;
  machine.reporter.report(
    diagnose('undefined-variable', { name, known: visibleNames(scope), inVocabulary: false }, span),
  );
  return unknown;
}
