/** Operators on values, as in TypeScript, but nothing is converted silently. */
import { diagnose } from '../../diagnostics/catalog.ts';
import type { SourceSpan } from '../../shared/span.ts';
import type { BinaryOperator, UnaryOperator } from '../syntax/syntax.ts';
import { describe, describeType, isUnknown, kindOf, unknown, type Value } from '../value.ts';
import { callerNote, type Machine, work } from './machine.ts';

/** Null when an error hides it. */
export function isTruthy(value: Value): boolean | null {
  if (isUnknown(value)) return null;
  return typeof value === 'object' ? value !== null : Boolean(value);
}

export const isNullish = (value: Value): value is null | undefined => value === null || value === undefined;

export function sameValue(left: Value, right: Value): boolean {
  if (typeof left === 'object' && left?.kind === 'layer' && typeof right === 'object' && right?.kind === 'layer')
    return left.id === right.id;
  return left === right;
}

export function unaryOperation(machine: Machine, operator: UnaryOperator, operand: Value, span: SourceSpan): Value {
  if (isUnknown(operand)) return unknown;
  switch (operator) {
    case '!':
      return !isTruthy(operand);
    case 'typeof':
      return typeOf(operand);
    case '-':
      return typeof operand === 'number' ? -operand : refuse(machine, '-', [operand], span);
    case '+':
      return typeof operand === 'number' ? operand : refuse(machine, '+', [operand], span);
  }
}

function typeOf(value: Value): string {
  const kind = kindOf(value);
  if (kind === 'function' || kind === 'builtin') return 'function';
  return value === null || typeof value === 'object' ? 'object' : typeof value;
}

export function binaryOperation(
  machine: Machine,
  operator: BinaryOperator,
  left: Value,
  right: Value,
  span: SourceSpan,
): Value {
  if (isUnknown(left) || isUnknown(right)) return unknown;
  switch (operator) {
    case '===':
      return sameValue(left, right);
    case '!==':
      return !sameValue(left, right);
    case '==':
    case '!=':
      return looseEquality(machine, operator, left, right, span);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(machine, operator, left, right, span);
    default:
      return operator === '+' && (typeof left === 'string' || typeof right === 'string')
        ? joinTexts(machine, [left, right], '+', span)
        : arithmetic(machine, operator, left, right, span);
  }
}

function looseEquality(machine: Machine, operator: '==' | '!=', left: Value, right: Value, span: SourceSpan): Value {
  const comparable = typeof left === typeof right || isNullish(left) || isNullish(right);
  if (!comparable) return refuse(machine, operator, [left, right], span);
  const equal = sameValue(left, right) || (isNullish(left) && isNullish(right));
  return operator === '==' ? equal : !equal;
}

function comparison(
  machine: Machine,
  operator: '<' | '<=' | '>' | '>=',
  left: Value,
  right: Value,
  span: SourceSpan,
): Value {
  const numbers = typeof left === 'number' && typeof right === 'number';
  if (!numbers && !(typeof left === 'string' && typeof right === 'string'))
    return refuse(machine, operator, [left, right], span);
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '**';

const arithmeticRules: Record<ArithmeticOperator, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '**': (left, right) => left ** right,
};

function arithmetic(
  machine: Machine,
  operator: ArithmeticOperator,
  left: Value,
  right: Value,
  span: SourceSpan,
): Value {
  if (typeof left !== 'number' || typeof right !== 'number') return refuse(machine, operator, [left, right], span);
  return finite(machine, arithmeticRules[operator](left, right), `${left} ${operator} ${right}`, span);
}

/** The result, or unknown after reporting that it is no number. */
export function finite(machine: Machine, result: number, expression: string, span: SourceSpan): Value {
  if (Number.isFinite(result)) return result;
  const shown = Number.isNaN(result) ? 'not a number' : result < 0 ? 'minus infinity' : 'infinite';
  machine.reporter.report(diagnose('not-finite', { expression, result: shown }, span, [callerNote(machine)]));
  return unknown;
}

/** Texts, numbers and booleans one after the other. */
export function joinTexts(machine: Machine, parts: readonly Value[], operator: string, span: SourceSpan): Value {
  if (parts.some(isUnknown)) return unknown;
  const texts: string[] = [];
  for (const part of parts) {
    if (typeof part !== 'string' && typeof part !== 'number' && typeof part !== 'boolean')
      return refuse(machine, operator, parts, span);
    texts.push(String(part));
  }
  const joined = texts.join('');
  work(machine, span, Math.ceil(joined.length / 16));
  return joined;
}

function refuse(machine: Machine, operator: string, operands: readonly Value[], span: SourceSpan): Value {
  const shown = operands.map(operand =>
    operand === null || operand === undefined ? describe(operand) : describeType(operand),
  );
  machine.reporter.report(diagnose('wrong-operand', { operator, operands: shown }, span, [callerNote(machine)]));
  return unknown;
}
