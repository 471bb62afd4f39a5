import * as rules from '../1-frontend/option-rules.ts';
import type { Layer } from '../authoring/handles.ts';
import { found, invariant } from '../shared/assert.ts';
import { sizeOf } from '../shared/shape.ts';
import type { AffineDefinition, LayerBase } from './definition.ts';
import type { LayerOptions } from './layer-options.ts';
import { kernelAndBias } from './parameter-declaration.ts';
import { firstShape, onlyShape, wrongRank } from './shape-question.ts';
import { type Word, word } from './word.ts';

export interface DenseOptions extends LayerOptions {
  readonly units: number;
  /** Default true. */
  readonly useBias?: boolean | undefined;
}

interface Options {
  readonly units: number;
  readonly useBias: boolean;
}

interface DenseLayer extends LayerBase<'dense'> {
  readonly units: number;
  readonly useBias: boolean;
}

/** A fully connected layer of a vector. Parameters: `<name>.weight` `[in, out]`, `<name>.bias`. */
export const dense: Word<[x: Layer, options: DenseOptions], AffineDefinition<DenseLayer, Options>> = word({
  kind: 'dense',
  role: 'affine',
  operands: 1,
  positional: null,
  options: { units: { rule: rules.size }, useBias: { rule: rules.boolean, default: true } },
  resolve(question) {
    const shape = firstShape(question);
    if (shape.length === 1) return { shape: [question.options.units], ...question.options };
    const help = 'put flatten() before it: dense(flatten(x), …)';
    return wrongRank(question, 'dense()', 'a vector [units]', shape, help);
  },
  shapeOf({ units }, inputs) {
    invariant(onlyShape(inputs).length === 1, 'a dense layer needs a vector');
    return [units];
  },
  attributes: { units: 'plain', useBias: 'plain' },
  parameters: ({ units, useBias }, inputs) => kernelAndBias([sizeOf(onlyShape(inputs)), units], [1, 0], useBias),
  mixesEntries: true,
  inPlace: false,
  deviations: null,
  window: null,
  roundings({ units, useBias }, input) {
    const products = found(input.at(-1), 'features of an input');
    return { forward: products + Number(useBias), products, backward: units };
  },
  pytorchOrder: 'own',
});
