/** The methods of lists that architecture files may call, as JavaScript defines them. */
import { diagnose } from '../../diagnostics/catalog.ts';
import type { SourceSpan } from '../../shared/span.ts';
import {
  type Argument,
  type BuiltinValue,
  describe,
  isList,
  isUnknown,
  kindOf,
  type ListValue,
  list,
  unknown,
  type Value,
} from '../value.ts';
import { callValue } from './call-value.ts';
import { callerNote, type Machine, work } from './machine.ts';
import { isTruthy, joinTexts, sameValue } from './operators.ts';

interface MethodCall {
  readonly machine: Machine;
  readonly target: ListValue;
  readonly parameters: readonly Argument[];
  readonly span: SourceSpan;
}

type Method = (call: MethodCall) => Value;

/** Calls the function that was given first, on one element. */
function callback({ machine, target, parameters, span }: MethodCall, ...values: Value[]): Value {
  const given = parameters[0];
  return callValue(
    machine,
    given?.value,
    [...values, target].map(value => ({ value, span })),
    given?.span ?? span,
  );
}

/** Maps a copy, because the callback may change the list. */
const each = <T>(call: MethodCall, use: (item: Value, index: number) => T): T[] => [...call.target.items].map(use);

const numberAt = ({ parameters }: MethodCall, position: number): number | undefined => {
  const value = parameters[position]?.value;
  return typeof value === 'number' ? value : undefined;
};

const hasUnknown = ({ target, parameters }: MethodCall): boolean =>
  target.items.some(isUnknown) || parameters.some(({ value }) => isUnknown(value));

const methods: Readonly<Record<string, Method>> = {
  map: call => list(each(call, (item, index) => callback(call, item, index))),
  forEach: call => void each(call, (item, index) => callback(call, item, index)),
  filter: call => {
    const kept = each(call, (item, index) => ({ item, keep: isTruthy(callback(call, item, index)) }));
    return kept.some(({ keep }) => keep === null)
      ? unknown
      : list(kept.filter(({ keep }) => keep).map(({ item }) => item));
  },
  reduce: reduceList,
  slice: call =>
    hasUnknown({ ...call, target: list([]) })
      ? unknown
      : list(call.target.items.slice(numberAt(call, 0), numberAt(call, 1))),
  concat: call =>
    list([...call.target.items, ...call.parameters.flatMap(({ value }) => (isList(value) ? value.items : [value]))]),
  push: call => call.target.items.push(...call.parameters.map(({ value }) => value)),
  includes: call =>
    hasUnknown(call) ? unknown : call.target.items.some(item => sameValue(item, call.parameters[0]?.value)),
  indexOf: call =>
    hasUnknown(call) ? unknown : call.target.items.findIndex(item => sameValue(item, call.parameters[0]?.value)),
  join: call => joinList(call),
  at: call => (call.parameters.some(({ value }) => isUnknown(value)) ? unknown : elementAt(call)),
  entries: ({ target }) => ({ kind: 'iterator', source: target, position: 0 }),
};

export const listMethodNames: readonly string[] = Object.keys(methods);

/** The method bound to a list, or undefined when lists have none of that name. */
export function listMethod(machine: Machine, target: ListValue, name: string): BuiltinValue | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) return undefined;
  const call = (parameters: readonly Argument[], span: SourceSpan): Value => {
    work(machine, span, target.items.length + 1);
    return method({ machine, target, parameters, span });
  };
  return { kind: 'builtin', name: `${name}()`, call };
}

function reduceList(call: MethodCall): Value {
  const start = call.parameters[1];
  const items = [...call.target.items];
  if (start === undefined && items.length === 0) return outOfBounds(call, 0);
  let result = start === undefined ? items[0] : start.value;
  for (let index = start === undefined ? 1 : 0; index < items.length; index++)
    result = callback(call, result, items[index], index);
  return result;
}

function elementAt(call: MethodCall): Value {
  const { items } = call.target;
  const index = Math.trunc(numberAt(call, 0) ?? 0);
  return Math.abs(index + 0.5) < items.length + 0.5 && items.length > 0 ? items.at(index) : outOfBounds(call, index);
}

function outOfBounds({ machine, target, span }: MethodCall, index: number): Value {
  const values = { index: String(index), length: target.items.length };
  machine.reporter.report(diagnose('index-out-of-bounds', values, span, [callerNote(machine)]));
  return unknown;
}

function joinList({ machine, target, parameters, span }: MethodCall): Value {
  const separator = parameters[0]?.value ?? ',';
  if (typeof separator !== 'string') {
    if (isUnknown(separator)) return unknown;
    const values = { what: 'the separator of join()', expected: 'a text', found: describe(separator), hint: '' };
    machine.reporter.report(diagnose('wrong-type', values, parameters[0]?.span ?? span));
    return unknown;
  }
  if (kindOf(target.items[0]) === 'undefined' && target.items.length === 0) return '';
  return joinTexts(
    machine,
    target.items.flatMap((item, index) => (index === 0 ? [item] : [separator, item])),
    'join',
    span,
  );
}
