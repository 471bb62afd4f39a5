import * as rules from '../1-frontend/option-rules.ts';
import type { Layer } from '../authoring/handles.ts';
import type { LayerBase, NonlinearityDefinition } from './definition.ts';
import type { LayerOptions } from './layer-options.ts';
import { firstShape, onlyShape } from './shape-question.ts';
import { type Word, word } from './word.ts';

export interface LeakyReluOptions extends LayerOptions {
  /** The slope below 0, from 0 to 1; rounded to float32. There is no default: Keras has 0.3, PyTorch 0.01. */
  readonly negativeSlope: number;
}

interface Options {
  readonly negativeSlope: number;
}

interface LeakyReluLayer extends LayerBase<'leakyRelu'> {
  /** A float32 number. */
  readonly negativeSlope: number;
}

/** `x` above 0, `negativeSlope · x` below, number by number. */
export const leakyRelu: Word<
  [x: Layer, options: LeakyReluOptions],
  NonlinearityDefinition<LeakyReluLayer, Options>
> = word({
  kind: 'leakyRelu',
  role: 'nonlinearity',
  kink: 0,
  operands: 1,
  positional: null,
  options: { negativeSlope: { rule: rules.share } },
  resolve: question => ({
    shape: firstShape(question),
    negativeSlope: Math.fround(question.options.negativeSlope),
  }),
  shapeOf: (_, inputs) => onlyShape(inputs),
  attributes: { negativeSlope: 'plain' },
  parameters: () => [],
  // The product below 0.
  roundings: () => ({ forward: 1, products: 0, backward: 0 }),
});
