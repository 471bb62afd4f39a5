import type { Layer } from '../authoring/handles.ts';
import { type LayerBase, type NonlinearityDefinition, type NoOptions, noRoundings } from './definition.ts';
import type { LayerOptions } from './layer-options.ts';
import { firstShape, onlyShape } from './shape-question.ts';
import { type Word, word } from './word.ts';

/** `max(x, 0)`, number by number. */
export const relu: Word<
  [x: Layer, options?: LayerOptions],
  NonlinearityDefinition<LayerBase<'relu'>, NoOptions>
> = word({
  kind: 'relu',
  role: 'nonlinearity',
  kink: 0,
  operands: 1,
  positional: null,
  options: {},
  resolve: question => ({ shape: firstShape(question) }),
  shapeOf: (_, inputs) => onlyShape(inputs),
  attributes: {},
  parameters: () => [],
  roundings: () => noRoundings,
});
