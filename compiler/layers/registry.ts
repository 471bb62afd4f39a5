/** Which kinds of layers there are. The static reader, the graph and the stages behind it look them up here and nowhere else. */
import { found, invariant } from '../shared/assert.ts';
import type { Role, ShapeQuestion } from './definition.ts';
import * as words from './kinds.ts';
import { type AnyDefinition, definition } from './word.ts';

type Words = typeof words;
export type LayerKind = keyof Words;

type DefinitionOf<Kind extends LayerKind> = Words[Kind][typeof definition];

/** A layer of the graph, of one kind. */
export type LayerOf<Kind extends LayerKind> = {
  [Each in Kind]: Parameters<DefinitionOf<Each>['shapeOf']>[0];
}[Kind];

/** The options of a call, checked and with defaults filled in. */
export type OptionsOf<Kind extends LayerKind> =
  Parameters<DefinitionOf<Kind>['resolve']>[0] extends ShapeQuestion<infer Options extends object> ? Options : never;

/** The kinds of one role. */
export type KindOf<R extends Role> = {
  [Kind in LayerKind]: DefinitionOf<Kind>['role'] extends R ? Kind : never;
}[LayerKind];

/** Words of architecture files that make no layers. */
export const otherWords = ['linf', 'l2', 'network'] as const;

/** Each row stands under the name of its kind. */
type Rows = { readonly [Kind in LayerKind]: { readonly [definition]: { readonly kind: Kind } } };

const definitions = new Map<string, AnyDefinition>(
  Object.values(words satisfies Rows).map(({ [definition]: of }) => [of.kind, of]),
);

/** In the order of the alphabet; registered ones come last. */
export const layerKinds = (): readonly string[] => [...definitions.keys()];

export const hasKind = (kind: string): boolean => definitions.has(kind);

export const definitionOf = (kind: string): AnyDefinition => found(definitions.get(kind), `kind of layer ${kind}`);

/**
 * Makes one more kind known to everything that asks for kinds at run time, until the function that is returned is called. For
 * kinds that live outside of the compiler, as those of tests do. The stages behind the dual have tables of their own.
 * Throws `InternalError` when its name is taken.
 */
export function registerLayer(word: { readonly [definition]: AnyDefinition }): () => void {
  const added = word[definition];
  const taken = [...definitions.keys(), ...otherWords].includes(added.kind);
  invariant(!taken, `the name ${added.kind} is taken: it cannot name one more kind of layer`);
  definitions.set(added.kind, added);
  return () => definitions.delete(added.kind);
}
