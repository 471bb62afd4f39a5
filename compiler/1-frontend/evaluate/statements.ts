/** Evaluates statements. */
import { diagnose } from '../../diagnostics/catalog.ts';
import type { SourceSpan } from '../../shared/span.ts';
import type { Statement, StatementOf } from '../syntax/syntax.ts';
import { describe, isUnknown, unknown, type Value } from '../value.ts';
import { evaluate } from './expressions.ts';
import { declareNames, hoist } from './hoist.ts';
import { elementsOf } from './iterate.ts';
import { callerNote, type Machine, work } from './machine.ts';
import { isTruthy } from './operators.ts';
import { bind } from './patterns.ts';
import { copyScope, innerScope, type Scope } from './scope.ts';
import { changesOf, forgetChanges } from './skipped-changes.ts';

/** How a statement ended, when not by reaching its end. */
export type Completion =
  | { readonly kind: 'return'; readonly value: Value }
  | { readonly kind: 'break' | 'continue' }
  | null;

/** The statements of a block or function body, in a scope made for them. */
export function executeAll(machine: Machine, scope: Scope, statements: readonly Statement[]): Completion {
  hoist(machine, scope, statements);
  for (const statement of statements) {
    const completion = execute(machine, scope, statement);
    if (completion !== null) return completion;
  }
  return null;
}

export function execute(machine: Machine, scope: Scope, statement: Statement): Completion {
  work(machine, statement.span);
  switch (statement.kind) {
    case 'declare':
      for (const { target, value } of statement.declarations) {
        // `const before = x` makes no layer, so it names none.
        const names = statement.constant && value?.kind !== 'name';
        bind(machine, scope, target, value ? evaluate(machine, scope, value) : undefined, names ? 'const' : 'let');
      }
      return null;
    case 'evaluate':
      evaluate(machine, scope, statement.value);
      return null;
    case 'return':
      return { kind: 'return', value: statement.value ? evaluate(machine, scope, statement.value) : undefined };
    case 'if':
      return executeIf(machine, scope, statement);
    case 'for':
      return inLoop(machine, statement.span, () => executeFor(machine, scope, statement));
    case 'forOf':
      return inLoop(machine, statement.span, () => executeForOf(machine, scope, statement));
    case 'block':
      return executeAll(machine, innerScope(scope), statement.statements);
    case 'break':
    case 'continue':
      return { kind: statement.kind };
    case 'skipped':
      return skip(scope, statement.parts);
    // Known since the block was entered; exports are collected when the module is done.
    case 'declareFunction':
    case 'declareUnknown':
    case 'exportNames':
    case 'exportDefault':
      return null;
  }
}

/** Passes over code of which an error hides whether it runs. */
function skip(scope: Scope, parts: readonly Statement[]): Completion {
  const changes = changesOf(parts);
  forgetChanges(scope, changes);
  return changes.returns ? { kind: 'return', value: unknown } : null;
}

function executeIf(machine: Machine, scope: Scope, { test, whenTrue, whenFalse }: StatementOf<'if'>): Completion {
  const holds = isTruthy(evaluate(machine, scope, test));
  if (holds === null) return skip(scope, whenFalse === null ? [whenTrue] : [whenTrue, whenFalse]);
  if (holds) return execute(machine, scope, whenTrue);
  return whenFalse === null ? null : execute(machine, scope, whenFalse);
}

/** Keeps the place of the innermost loop, for the message of one that does not end. */
function inLoop(machine: Machine, span: SourceSpan, run: () => Completion): Completion {
  const outer = machine.loop;
  machine.loop = span;
  const completion = run();
  machine.loop = outer;
  return completion;
}

function executeFor(machine: Machine, scope: Scope, { start, test, update, body }: StatementOf<'for'>): Completion {
  let turn = innerScope(scope);
  if (start !== null) executeAll(machine, turn, [start]);
  for (;;) {
    const holds = test === null ? true : isTruthy(evaluate(machine, turn, test));
    if (holds === null) return skip(turn, [body]);
    if (!holds) return null;
    const completion = execute(machine, turn, body);
    if (completion?.kind === 'return') return completion;
    if (completion?.kind === 'break') return null;
    turn = copyScope(turn);
    if (update !== null) evaluate(machine, turn, update);
  }
}

function executeForOf(machine: Machine, scope: Scope, { target, items, body }: StatementOf<'forOf'>): Completion {
  const values = evaluate(machine, scope, items);
  const elements = elementsOf(values);
  if (elements === null) {
    if (!isUnknown(values)) refuseList(machine, values, items.span);
    return skip(scope, [body]);
  }
  for (const element of elements) {
    const turn = innerScope(scope);
    if (target.declares !== null) declareNames(machine, turn, [target.pattern], target.declares === 'const');
    bind(machine, turn, target.pattern, element, target.declares ?? 'assign');
    const completion = execute(machine, turn, body);
    if (completion?.kind === 'return') return completion;
    if (completion?.kind === 'break') return null;
  }
  return null;
}

export function refuseList(machine: Machine, value: Value, span: SourceSpan): void {
  machine.reporter.report(
    diagnose('not-iterable', { what: describe(value), wanted: 'a list' }, span, [callerNote(machine)]),
  );
}
