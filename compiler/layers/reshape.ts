import * as rules from '../1-frontend/option-rules.ts';
import type { Layer } from '../authoring/handles.ts';
import { invariant } from '../shared/assert.ts';
import { sizeOf } from '../shared/shape.ts';
import { type AffineDefinition, type LayerBase, noRoundings } from './definition.ts';
import type { LayerOptions } from './layer-options.ts';
import { firstShape, onlyShape, producers, refuse } from './shape-question.ts';
import { type Word, word } from './word.ts';

export interface ReshapeOptions extends LayerOptions {
  readonly shape: readonly number[];
}

interface Options {
  readonly shape: readonly number[];
}

/** The same numbers in the same order under another shape. */
export const reshape: Word<[x: Layer, options: ReshapeOptions], AffineDefinition<LayerBase<'reshape'>, Options>> = word(
  {
    kind: 'reshape',
    role: 'affine',
    operands: 1,
    positional: null,
    options: { shape: { rule: rules.shape } },
    resolve(question) {
      const from = firstShape(question);
      const to = question.options.shape;
      const [fromSize, toSize] = [sizeOf(from), sizeOf(to)];
      if (fromSize === toSize) return { shape: to };
      return refuse(question, 'reshape-size-mismatch', { from, to, fromSize, toSize }, 'shape', producers(question));
    },
    shapeOf({ shape }, inputs) {
      invariant(sizeOf(shape) === sizeOf(onlyShape(inputs)), 'a reshape keeps the size');
      return shape;
    },
    attributes: {},
    parameters: () => [],
    mixesEntries: false,
    inPlace: true,
    deviations: null,
    window: null,
    roundings: () => noRoundings,
    pytorchOrder: 'kept',
  },
);
