/** Calls functions: those of the file, and those that dualc provides. */
import { diagnose } from '../../diagnostics/catalog.ts';
import type { SourceSpan } from '../../shared/span.ts';
import type { FunctionSyntax } from '../syntax/syntax.ts';
import { type Argument, describe, type FunctionValue, isUnknown, list, unknown, type Value } from '../value.ts';
import { evaluate } from './expressions.ts';
import { declareNames } from './hoist.ts';
import { callerNote, type Machine, stop, work } from './machine.ts';
import { bind } from './patterns.ts';
import { innerScope, type Scope } from './scope.ts';
import { executeAll } from './statements.ts';

/** @param span the call */
export function callValue(machine: Machine, callee: Value, parameters: readonly Argument[], span: SourceSpan): Value {
  work(machine, span);
  if (isUnknown(callee)) return unknown;
  if (typeof callee === 'object' && callee?.kind === 'builtin') return callee.call(parameters, span);
  if (typeof callee === 'object' && callee?.kind === 'function') return callFunction(machine, callee, parameters, span);
  machine.reporter.report(diagnose('not-callable', { what: describe(callee) }, span, [callerNote(machine)]));
  return unknown;
}

function callFunction(
  machine: Machine,
  { syntax, scope: home }: FunctionValue,
  parameters: readonly Argument[],
  span: SourceSpan,
): Value {
  const limit = machine.limits.nestedCalls;
  if (machine.callers.length >= limit) stop(machine, span, `functions call each other more than ${limit} deep`);
  const loop = machine.loop;
  machine.callers.push(span);
  machine.loop = null;
  const scope = innerScope(home);
  bindParameters(machine, scope, syntax, parameters);
  const result = runBody(machine, scope, syntax);
  machine.callers.pop();
  machine.loop = loop;
  return result;
}

function bindParameters(machine: Machine, scope: Scope, syntax: FunctionSyntax, parameters: readonly Argument[]): void {
  const patterns = syntax.parameters.map(({ target }) => target);
  declareNames(machine, scope, syntax.rest === null ? patterns : [...patterns, syntax.rest], false);
  for (const [index, { target, whenUndefined }] of syntax.parameters.entries()) {
    const given = parameters[index]?.value;
    bind(
      machine,
      scope,
      target,
      given === undefined && whenUndefined ? evaluate(machine, scope, whenUndefined) : given,
      'parameter',
    );
  }
  if (syntax.rest === null) return;
  bind(
    machine,
    scope,
    syntax.rest,
    list(parameters.slice(syntax.parameters.length).map(({ value }) => value)),
    'parameter',
  );
}

function runBody(machine: Machine, scope: Scope, { body }: FunctionSyntax): Value {
  if (body.kind === 'expression') return evaluate(machine, scope, body.value);
  const completion = executeAll(machine, scope, body.statements);
  return completion !== null && completion.kind === 'return' ? completion.value : undefined;
}
