/** `=`, compound assignments, `++` and `--`. */
import type { Expression, ExpressionOf, Pattern } from '../syntax/syntax.ts';
import { unknown, type Value } from '../value.ts';
import { evaluate, evaluateLogical, readName } from './expressions.ts';
import type { Machine } from './machine.ts';
import { binaryOperation } from './operators.ts';
import { bind } from './patterns.ts';
import { assignLocation, locate, readLocation } from './places.ts';
import type { Scope } from './scope.ts';

type Assignment = ExpressionOf<'assign'> | ExpressionOf<'compoundAssign'> | ExpressionOf<'update'>;

/** The target of an assignment, with its parts evaluated once and before the value. */
interface Target {
  read(): Value;
  write(value: Value): void;
}

function targetOf(machine: Machine, scope: Scope, pattern: Pattern): Target {
  const write = (value: Value): void => bind(machine, scope, pattern, value, 'assign');
  if (pattern.kind === 'name') return { read: () => readName(machine, scope, pattern.name, pattern.span), write };
  if (pattern.kind !== 'place') return { read: () => unknown, write };
  const location = locate(machine, scope, pattern.place);
  return { read: () => readLocation(machine, location), write: value => assignLocation(machine, location, value) };
}

export function evaluateAssignment(machine: Machine, scope: Scope, assignment: Assignment): Value {
  const target = targetOf(machine, scope, assignment.target);
  if (assignment.kind === 'assign') {
    const value = evaluate(machine, scope, assignment.value);
    target.write(value);
    return value;
  }
  const current = target.read();
  if (assignment.kind === 'update') {
    const value = binaryOperation(machine, assignment.by === 1 ? '+' : '-', current, 1, assignment.span);
    target.write(value);
    return assignment.prefix ? value : current;
  }
  const value = combine(machine, scope, assignment, current, assignment.value);
  target.write(value);
  return value;
}

function combine(
  machine: Machine,
  scope: Scope,
  { operator, span }: ExpressionOf<'compoundAssign'>,
  current: Value,
  right: Expression,
): Value {
  if (operator === '&&' || operator === '||' || operator === '??')
    return evaluateLogical(machine, scope, operator, current, right);
  return binaryOperation(machine, operator, current, evaluate(machine, scope, right), span);
}
