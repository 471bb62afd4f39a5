/**
 * JavaScript as a tree: what the emitted module computes. The operations say with it how they are written; `7-emit` prints it, and breaks it
 * where a line is too long. Texts of users stand in it as they are, and are quoted when they are printed.
 */
import type { RuntimeSymbol } from './runtime-symbols.ts';

/** What every public function of a module has at hand, under these names; `p` are the parameters, `r` what its functions have returned. */
export type GivenName = 'p' | 'r' | 'x' | 'labels' | 'epsilon' | 'batch' | 'key';

export type Operator = '+' | '-' | '*' | '/';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'word'; readonly value: boolean | null }
  /** A string literal. */
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'given'; readonly name: GivenName }
  /** A function of `dualc/runtime`: printing it imports it. */
  | { readonly kind: 'runtime'; readonly symbol: RuntimeSymbol }
  | { readonly kind: 'member'; readonly object: Expression; readonly name: string }
  | { readonly kind: 'entry'; readonly object: Expression; readonly key: Expression }
  | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Expression[] }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [key: string, value: Expression])[] }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'function';
      readonly parameters: readonly string[];
      readonly body: readonly Statement[];
      readonly result: Expression;
    };

export type Statement =
  /** The comment follows on the same line. */
  | { readonly kind: 'const'; readonly name: string; readonly value: Expression; readonly comment: string }
  | { readonly kind: 'do'; readonly value: Expression }
  | { readonly kind: 'return'; readonly value: Expression }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'blank' };

export const number = (value: number): Expression => ({ kind: 'number', value });
export const word = (value: boolean | null): Expression => ({ kind: 'word', value });
export const text = (value: string): Expression => ({ kind: 'text', value });
export const name = (value: string): Expression => ({ kind: 'name', name: value });
export const given = (value: GivenName): Expression => ({ kind: 'given', name: value });
export const array = (items: readonly Expression[]): Expression => ({ kind: 'array', items });
export const numberList = (values: readonly number[]): Expression => array(values.map(number));
export const member = (object: Expression, field: string): Expression => ({ kind: 'member', object, name: field });
export const entry = (object: Expression, key: Expression): Expression => ({ kind: 'entry', object, key });
export const object = (fields: readonly (readonly [string, Expression])[]): Expression => ({ kind: 'object', fields });
export const binary = (operator: Operator, left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
});
export const call = (callee: Expression, args: readonly Expression[]): Expression => ({ kind: 'call', callee, args });

export const lambda = (parameters: readonly string[], body: readonly Statement[], result: Expression): Expression => ({
  kind: 'function',
  parameters,
  body,
  result,
});

/** `tf.add(…)` and the like. */
export const tensorCall = (operation: string, ...args: readonly Expression[]): Expression =>
  call(member(name('tf'), operation), args);

export const runtimeCall = (symbol: RuntimeSymbol, ...args: readonly Expression[]): Expression =>
  call({ kind: 'runtime', symbol }, args);

/** What an expression reads of what is given. */
export function givensOf(expression: Expression): GivenName[] {
  switch (expression.kind) {
    case 'given':
      return [expression.name];
    case 'member':
      return givensOf(expression.object);
    case 'entry':
      return [expression.object, expression.key].flatMap(givensOf);
    case 'call':
      return [expression.callee, ...expression.args].flatMap(givensOf);
    case 'array':
      return expression.items.flatMap(givensOf);
    case 'object':
      return expression.fields.flatMap(([, value]) => givensOf(value));
    case 'binary':
      return [expression.left, expression.right].flatMap(givensOf);
    case 'function':
      return [...expression.body.flatMap(givensOfStatement), ...givensOf(expression.result)];
    case 'number':
    case 'word':
    case 'text':
    case 'name':
    case 'runtime':
      return [];
  }
}

export function givensOfStatement(statement: Statement): GivenName[] {
  return 'value' in statement ? givensOf(statement.value) : [];
}
