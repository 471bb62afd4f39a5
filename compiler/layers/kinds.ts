/** The kinds of layers, one row each. What a row exports, architecture files can import. */
export { add } from './add.ts';
export { type AveragePool2dOptions, averagePool2d } from './average-pool2d.ts';
export { concat } from './concat.ts';
export { type Conv2dOptions, conv2d } from './conv2d.ts';
export { type DenseOptions, dense } from './dense.ts';
export { flatten } from './flatten.ts';
export { type InputOptions, input } from './input.ts';
export { type LeakyReluOptions, leakyRelu } from './leaky-relu.ts';
export { type NormalizeOptions, normalize } from './normalize.ts';
export { relu } from './relu.ts';
export { type ReshapeOptions, reshape } from './reshape.ts';
