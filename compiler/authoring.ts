/**
 * What `import { … } from 'dualc'` gives when an architecture file is run instead of read: the same words with the same checks. Every
 * call is checked at once, so that the stack of an error leads to it. The compiler itself never runs a file.
 */
import type { Ball, Layer, Network } from './authoring/handles.ts';
import { makeBall, makeLayer, makeNetwork } from './authoring/make.ts';
import type {
  Conv2dOptions,
  DenseOptions,
  InputOptions,
  L2Options,
  LayerOptions,
  LinfOptions,
  NetworkOptions,
  NormalizeOptions,
  ReshapeOptions,
} from './authoring/options.ts';

export { graphOfNetwork } from './authoring/graph-of-network.ts';
export type { Ball, Layer, Network } from './authoring/handles.ts';
export type {
  Conv2dOptions,
  DenseOptions,
  InputOptions,
  L2Options,
  LayerOptions,
  LinfOptions,
  NetworkOptions,
  NormalizeOptions,
  ReshapeOptions,
} from './authoring/options.ts';

/** The input of the network. `shape` is that of one example, channels last: `[28, 28, 1]`. */
export function input(shape: readonly number[], options?: InputOptions): Layer {
  return makeLayer('input', [shape, options]);
}

/** A convolution of `[height, width, channels]`. Parameters: `<name>.weight` `[height, width, in, out]`, `<name>.bias`. */
export function conv2d(x: Layer, options: Conv2dOptions): Layer {
  return makeLayer('conv2d', [x, options]);
}

/** A fully connected layer of a vector. Parameters: `<name>.weight` `[in, out]`, `<name>.bias`. */
export function dense(x: Layer, options: DenseOptions): Layer {
  return makeLayer('dense', [x, options]);
}

export function relu(x: Layer, options?: LayerOptions): Layer {
  return makeLayer('relu', [x, options]);
}

/** `[height, width, channels]` as a vector, channels fastest. */
export function flatten(x: Layer, options?: LayerOptions): Layer {
  return makeLayer('flatten', [x, options]);
}

/** The same numbers in the same order under another shape. */
export function reshape(x: Layer, options: ReshapeOptions): Layer {
  return makeLayer('reshape', [x, options]);
}

/** The sum of two or more layers of one shape; options may come last. */
export function add(...operands: readonly Layer[] | readonly [...Layer[], LayerOptions]): Layer {
  return makeLayer('add', operands);
}

/** `(x − mean) / std` per channel. Put it first, so that the ball stays in units of pixels. */
export function normalize(x: Layer, options: NormalizeOptions): Layer {
  return makeLayer('normalize', [x, options]);
}

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
