/** Evaluates expressions. */
import { diagnose } from '../../diagnostics/catalog.ts';
import type { SourceSpan } from '../../shared/span.ts';
import type { Expression, ExpressionOf, ListItem, LogicalOperator } from '../syntax/syntax.ts';
import { type Argument, describe, isObject, isUnknown, list, type Property, unknown, type Value } from '../value.ts';
import { vocabulary } from '../vocabulary.ts';
import { evaluateAssignment } from './assignments.ts';
import { callValue } from './call-value.ts';
import { hiddenGlobal } from './globals.ts';
import { drawList } from './iterate.ts';
import { callerNote, type Machine, work } from './machine.ts';
import { binaryOperation, isNullish, isTruthy, joinTexts, unaryOperation } from './operators.ts';
import { keyName } from './patterns.ts';
import { locate, readLocation, stopped } from './places.ts';
import { findBinding, type Scope, visibleNames } from './scope.ts';
import { changesOf, forgetChanges } from './skipped-changes.ts';
import { refuseList } from './statements.ts';

export function evaluate(machine: Machine, scope: Scope, expression: Expression): Value {
  const { span } = expression;
  work(machine, span);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'name':
      return readName(machine, scope, expression.name, span);
    case 'template': {
      const parts = expression.parts.map(part => (typeof part === 'string' ? part : evaluate(machine, scope, part)));
      return joinTexts(machine, parts, 'template string', span);
    }
    case 'list': {
      const items = evaluateItems(machine, scope, expression.items);
      return items === null ? unknown : list(items.map(({ value }) => value));
    }
    case 'object':
      return evaluateObject(machine, scope, expression);
    case 'function':
      return { kind: 'function', syntax: expression, scope };
    case 'call':
      return evaluateCall(machine, scope, expression);
    case 'member':
    case 'index':
      return readLocation(machine, locate(machine, scope, expression));
    case 'chain': {
      const value = evaluate(machine, scope, expression.value);
      return value === stopped ? undefined : value;
    }
    case 'unary':
      return unaryOperation(machine, expression.operator, evaluate(machine, scope, expression.operand), span);
    case 'binary': {
      const left = evaluate(machine, scope, expression.left);
      return binaryOperation(machine, expression.operator, left, evaluate(machine, scope, expression.right), span);
    }
    case 'logical':
      return evaluateLogical(machine, scope, expression.operator, leftOf(machine, scope, expression), expression.right);
    case 'conditional':
      return evaluateConditional(machine, scope, expression);
    case 'assign':
    case 'compoundAssign':
    case 'update':
      return evaluateAssignment(machine, scope, expression);
    case 'unsupported':
      for (const part of expression.parts) evaluate(machine, scope, part);
      return unknown;
  }
}

export function readName(machine: Machine, scope: Scope, name: string, span: SourceSpan): Value {
  const binding = findBinding(scope, name);
  if (binding?.ready) return binding.value;
  if (binding) machine.reporter.report(diagnose('used-before-definition', { name }, span, [callerNote(machine)]));
  else {
    const words = vocabulary();
    const inVocabulary = words.includes(name);
    const known = [...visibleNames(scope), ...words];
    machine.reporter.report(
      hiddenGlobal(name, span) ?? diagnose('undefined-variable', { name, known, inVocabulary }, span),
    );
  }
  return unknown;
}

/** Null when a list that is spread is unknown: then their number is unknown too. */
function evaluateItems(machine: Machine, scope: Scope, items: readonly ListItem[]): Argument[] | null {
  const values: Argument[] = [];
  let known = true;
  for (const item of items) {
    const { span } = item.value;
    const value = evaluate(machine, scope, item.value);
    const spread = item.spread ? drawList(value, null) : null;
    if (!item.spread) values.push({ value, span });
    else if (spread !== null) {
      work(machine, span, spread.items.length);
      for (const inner of spread.items) values.push({ value: inner, span });
    } else {
      if (!isUnknown(value)) refuseList(machine, value, span);
      known = false;
    }
  }
  return known ? values : null;
}

function evaluateObject(machine: Machine, scope: Scope, { entries }: ExpressionOf<'object'>): Value {
  const properties = new Map<string, Property>();
  let known = true;
  for (const entry of entries) {
    const value = evaluate(machine, scope, entry.value);
    if (entry.kind === 'property') {
      const key = keyName(machine, scope, entry.key);
      if (key === null) known = false;
      else properties.set(key, { value, span: entry.value.span, nameSpan: entry.key.span });
    } else if (isObject(value)) {
      work(machine, entry.value.span, value.properties.size);
      for (const [key, property] of value.properties) properties.set(key, property);
    } else if (isUnknown(value)) known = false;
    else if (!isNullish(value) && value !== false) {
      const what = describe(value);
      machine.reporter.report(
        diagnose('not-iterable', { what, wanted: 'an object' }, entry.value.span, [callerNote(machine)]),
      );
      known = false;
    }
  }
  return known ? { kind: 'object', properties } : unknown;
}

function evaluateCall(machine: Machine, scope: Scope, call: ExpressionOf<'call'>): Value {
  const callee = evaluate(machine, scope, call.callee);
  if (callee === stopped || (call.optional && isNullish(callee))) return stopped;
  const parameters = evaluateItems(machine, scope, call.arguments);
  return parameters === null ? unknown : callValue(machine, callee, parameters, call.span);
}

function evaluateConditional(
  machine: Machine,
  scope: Scope,
  { test, whenTrue, whenFalse }: ExpressionOf<'conditional'>,
): Value {
  const holds = isTruthy(evaluate(machine, scope, test));
  if (holds !== null) return evaluate(machine, scope, holds ? whenTrue : whenFalse);
  forgetChanges(scope, changesOf([whenTrue, whenFalse]));
  return unknown;
}

/** A missing element is expected on the left of `??`. */
function leftOf(machine: Machine, scope: Scope, { operator, left }: ExpressionOf<'logical'>): Value {
  if (operator !== '??' || left.kind !== 'index') return evaluate(machine, scope, left);
  return readLocation(machine, locate(machine, scope, left), true);
}

export function evaluateLogical(
  machine: Machine,
  scope: Scope,
  operator: LogicalOperator,
  left: Value,
  right: Expression,
): Value {
  const takesRight = operator === '??' ? (isUnknown(left) ? null : isNullish(left)) : isTruthy(left);
  if (takesRight === null) {
    forgetChanges(scope, changesOf([right]));
    return unknown;
  }
  return takesRight === (operator !== '||') ? evaluate(machine, scope, right) : left;
}
