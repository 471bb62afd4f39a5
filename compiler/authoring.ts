/**
 * What `import { … } from 'dualc'` gives when an architecture file is run instead of read: the same words with the same checks. Every
 * call is checked at once, so that the stack of an error leads to it. The compiler itself never runs a file.
 */
import type { Ball, Network } from './authoring/handles.ts';
import { makeBall, makeNetwork } from './authoring/make-network.ts';
import type { L2Options, LinfOptions, NetworkOptions } from './authoring/options.ts';

export { graphOfNetwork } from './authoring/graph-of-network.ts';
export type { Ball, Layer, Network } from './authoring/handles.ts';
export type { L2Options, LinfOptions, NetworkOptions } from './authoring/options.ts';
export * from './layers/kinds.ts';
export type { LayerOptions } from './layers/layer-options.ts';

/** All inputs that differ by at most `epsilon` in every number, cut to the box if there is one. */
export function linf(options: LinfOptions): Ball {
  return makeBall('linf', options);
}

/** All inputs at a Euclidean distance of at most `epsilon`. */
export function l2(options: L2Options): Ball {
  return makeBall('l2', options);
}

/** What an architecture file exports by default. */
export function network(options: NetworkOptions): Network {
  return makeNetwork(options);
}
