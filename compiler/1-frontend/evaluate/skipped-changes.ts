/**
 * What code that is not evaluated, because an error hides whether it runs, may change. Those variables are unknown afterwards, so that
 * one error is not followed by others that it caused.
 */
import { namesIn } from '../syntax/read-module.ts';
import type { Expression, Pattern, Statement } from '../syntax/syntax.ts';
import { forget, type Scope } from './scope.ts';

export interface SkippedChanges {
  readonly names: ReadonlySet<string>;
  readonly returns: boolean;
}

export function changesOf(parts: readonly (Statement | Expression)[]): SkippedChanges {
  const names = new Set<string>();
  let returns = false;
  const visit = (node: unknown, inFunction: boolean): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item, inFunction);
      return;
    }
    if (!isNode(node)) return;
    if (node.kind === 'return' && !inFunction) returns = true;
    for (const name of changedBy(node)) names.add(name);
    for (const part of Object.values(node)) visit(part, inFunction || node.kind === 'function');
  };
  visit(parts, false);
  return { names, returns };
}

export function forgetChanges(scope: Scope, { names }: SkippedChanges): void {
  for (const name of names) forget(scope, name);
}

type Node = Statement | Expression;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function changedBy(node: Node): string[] {
  switch (node.kind) {
    case 'assign':
    case 'compoundAssign':
    case 'update':
      return changedNames(node.target);
    case 'forOf':
      return node.target.declares === null ? changedNames(node.target.pattern) : [];
    // A method may change what it is called on: `sizes.push(3)`.
    case 'call':
      return node.callee.kind === 'member' ? rootName(node.callee.object) : [];
    default:
      return [];
  }
}

function changedNames(pattern: Pattern): string[] {
  return pattern.kind === 'place' ? rootName(pattern.place.object) : namesIn(pattern).map(({ name }) => name);
}

function rootName(expression: Expression): string[] {
  if (expression.kind === 'name') return [expression.name];
  return expression.kind === 'member' || expression.kind === 'index' ? rootName(expression.object) : [];
}
