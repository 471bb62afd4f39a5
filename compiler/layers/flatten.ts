import type { Layer } from '../authoring/handles.ts';
import { sizeOf } from '../shared/shape.ts';
import { type AffineDefinition, type LayerBase, type NoOptions, noRoundings } from './definition.ts';
import type { LayerOptions } from './layer-options.ts';
import { firstShape, onlyShape } from './shape-question.ts';
import { type Word, word } from './word.ts';

/** `[height, width, channels]` as a vector, channels fastest. */
export const flatten: Word<
  [x: Layer, options?: LayerOptions],
  AffineDefinition<LayerBase<'flatten'>, NoOptions>
> = word({
  kind: 'flatten',
  role: 'affine',
  operands: 1,
  positional: null,
  options: {},
  resolve: question => ({ shape: [sizeOf(firstShape(question))] }),
  shapeOf: (_, inputs) => [sizeOf(onlyShape(inputs))],
  attributes: {},
  parameters: () => [],
  mixesEntries: false,
  inPlace: true,
  deviations: null,
  window: null,
  roundings: () => noRoundings,
  pytorchOrder: 'kept',
});
