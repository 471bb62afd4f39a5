/** The rules of all nonlinearities. */
import type { LayerOf } from '../../2-graph/layer.ts';
import type { KindOf, NonlinearityLayer } from '../../2-graph/roles.ts';
import { found } from '../../shared/assert.ts';
import { leakyRelu } from './leaky-relu.ts';
import type { NonlinearityRule } from './nonlinearity-rule.ts';
import { relu } from './relu.ts';

export const nonlinearityRules: { readonly [Kind in KindOf<'nonlinearity'>]: NonlinearityRule<LayerOf<Kind>> } = {
  leakyRelu,
  relu,
};

// A layer and its rule are of one kind: the table is typed so that they are.
export const nonlinearityRule = (layer: NonlinearityLayer): NonlinearityRule<NonlinearityLayer> =>
  found(nonlinearityRules[layer.kind] as NonlinearityRule<NonlinearityLayer> | undefined, `rule of ${layer.kind}`);
