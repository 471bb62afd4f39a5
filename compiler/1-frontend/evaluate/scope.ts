/** Names and what they stand for, block by block. */
import type { SourceSpan } from '../../shared/span.ts';
import { unknown, type Value } from '../value.ts';

export interface Binding {
  value: Value;
  /** False until the declaration is reached. */
  ready: boolean;
  readonly constant: boolean;
  /** The name in its declaration. */
  readonly span: SourceSpan | null;
}

export interface Scope {
  readonly bindings: Map<string, Binding>;
  readonly parent: Scope | null;
}

export const innerScope = (parent: Scope | null): Scope => ({ bindings: new Map(), parent });

export function findBinding(scope: Scope, name: string): Binding | undefined {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const binding = at.bindings.get(name);
    if (binding !== undefined) return binding;
  }
  return undefined;
}

/** All names that can be seen from a scope. */
export function visibleNames(scope: Scope): string[] {
  const names = new Set<string>();
  for (let at: Scope | null = scope; at !== null; at = at.parent)
    for (const name of at.bindings.keys()) names.add(name);
  return [...names];
}

/** A loop's variables, fresh for the next turn: functions made in a turn keep the values of their own. */
export function copyScope({ bindings, parent }: Scope): Scope {
  return { bindings: new Map([...bindings].map(([name, binding]) => [name, { ...binding }])), parent };
}

/** After an error: a variable whose value cannot be told any more. */
export function forget(scope: Scope, name: string): void {
  const binding = findBinding(scope, name);
  if (binding?.ready) binding.value = unknown;
}
