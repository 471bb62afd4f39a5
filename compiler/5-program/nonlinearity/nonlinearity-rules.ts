/** The rules of all nonlinearities. */
import type { LayerOf } from '../../2-graph/layer.ts';
import type { KindOf, NonlinearityLayer } from '../../2-graph/roles.ts';
import { found, invariant } from '../../shared/assert.ts';
import { leakyRelu } from './leaky-relu.ts';
import type { NonlinearityRule } from './nonlinearity-rule.ts';
import { relu } from './relu.ts';

export const nonlinearityRules: { readonly [Kind in KindOf<'nonlinearity'>]: NonlinearityRule<LayerOf<Kind>> } = {
  leakyRelu,
  relu,
};

/** Rules of kinds that live outside of the compiler. */
const added = new Map<string, NonlinearityRule<NonlinearityLayer>>();

/**
 * Makes the rule of one more kind known, until the function that is returned is called: for kinds that `registerLayer` adds.
 * Throws `InternalError` when the kind has a rule.
 */
export function registerNonlinearityRule<L>(kind: string, rule: NonlinearityRule<L>): () => void {
  invariant(!Object.hasOwn(nonlinearityRules, kind) && !added.has(kind), `${kind} has a rule`);
  added.set(kind, rule as unknown as NonlinearityRule<NonlinearityLayer>);
  return () => added.delete(kind);
}

// A layer and its rule are of one kind: the table is typed so that they are.
export const nonlinearityRule = (layer: NonlinearityLayer): NonlinearityRule<NonlinearityLayer> =>
  found(
    (nonlinearityRules[layer.kind] as NonlinearityRule<NonlinearityLayer> | undefined) ?? added.get(layer.kind),
    `rule of ${layer.kind}`,
  );
