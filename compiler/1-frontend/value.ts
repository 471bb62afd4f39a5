/** Values that the expressions of an architecture file have. */
import type { SourceSpan } from '../shared/span.ts';
import type { CallId, LocatedBall, NetworkCall } from './arch-ast.ts';
import type { Scope } from './evaluate/scope.ts';
import type { FunctionSyntax } from './syntax/syntax.ts';

export interface ListValue {
  readonly kind: 'list';
  readonly items: Value[];
}

/** What `list.entries()` gives: pairs of the list as it is when each is drawn, each drawn once. */
export interface IteratorValue {
  readonly kind: 'iterator';
  readonly source: ListValue;
  position: number;
}

export interface Property {
  readonly value: Value;
  /** Where the value is written. */
  readonly span: SourceSpan;
  /** Where the name of the property is written. */
  readonly nameSpan: SourceSpan;
}

export interface ObjectValue {
  readonly kind: 'object';
  readonly properties: Map<string, Property>;
}

export interface FunctionValue {
  readonly kind: 'function';
  readonly syntax: FunctionSyntax;
  readonly scope: Scope;
}

export interface Argument {
  readonly value: Value;
  readonly span: SourceSpan;
}

export interface BuiltinValue {
  readonly kind: 'builtin';
  readonly name: string;
  readonly call: (parameters: readonly Argument[], span: SourceSpan) => Value;
}

/** A fixed set of names: `Math`, or `import * as d from 'dualc'`. */
export interface NamespaceValue {
  readonly kind: 'namespace';
  readonly name: string;
  readonly members: ReadonlyMap<string, Value>;
}

export interface LayerValue {
  readonly kind: 'layer';
  readonly id: CallId;
}

export interface BallValue {
  readonly kind: 'ball';
  /** Null when an option was refused. */
  readonly ball: LocatedBall | null;
}

export interface NetworkValue {
  readonly kind: 'network';
  readonly network: NetworkCall;
}

/** What an error, already reported, leaves behind. Whatever is computed from it is unknown too, silently. */
export interface UnknownValue {
  readonly kind: 'unknown';
}

export const unknown: UnknownValue = { kind: 'unknown' };

export type Value =
  | number
  | string
  | boolean
  | null
  | undefined
  | ListValue
  | IteratorValue
  | ObjectValue
  | FunctionValue
  | BuiltinValue
  | NamespaceValue
  | LayerValue
  | BallValue
  | NetworkValue
  | UnknownValue;

/** The tag of a value, the names of primitive types included. */
export function kindOf(value: Value): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? value.kind : typeof value;
}

export const list = (items: Value[]): ListValue => ({ kind: 'list', items });
export const isList = (value: Value): value is ListValue => kindOf(value) === 'list';
export const isObject = (value: Value): value is ObjectValue => kindOf(value) === 'object';
export const isLayer = (value: Value): value is LayerValue => kindOf(value) === 'layer';
export const isUnknown = (value: Value): value is UnknownValue => kindOf(value) === 'unknown';

/** A value in messages: `'same'`, `3`, `a list`. */
export function describe(value: Value): string {
  if (typeof value === 'string') return value.length <= 40 ? `'${value}'` : 'a long text';
  if (value === null || typeof value !== 'object') return String(value);
  switch (value.kind) {
    case 'list':
      return value.items.length === 0 ? 'an empty list' : `a list of ${value.items.length}`;
    case 'iterator':
      return 'an iterator';
    case 'object':
      return 'an object';
    case 'function':
    case 'builtin':
      return 'a function';
    case 'namespace':
      return `\`${value.name}\``;
    case 'layer':
    case 'ball':
    case 'network':
      return `a ${value.kind}`;
    case 'unknown':
      return 'an unknown value';
  }
}

/** A value's type in messages: `a number`. */
export function describeType(value: Value): string {
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'a boolean';
  return describe(value)
    .replace(/ of \d+$/, '')
    .replace('an empty list', 'a list');
}
