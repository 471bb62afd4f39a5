/** A kind of layer that lives outside of the compiler: every number times one and the same factor. */
import type { OptionRule } from '../../compiler/1-frontend/option-rules.ts';
import type { Layer } from '../../compiler/authoring/handles.ts';
import { type AffineDefinition, inPlace, type LayerBase } from '../../compiler/layers/definition.ts';
import type { LayerOptions } from '../../compiler/layers/layer-options.ts';
import { firstShape, onlyShape } from '../../compiler/layers/shape-question.ts';
import { type Word, word } from '../../compiler/layers/word.ts';

interface Options {
  readonly factor: number;
}
interface ScaleLayer extends LayerBase<'scale'> {
  readonly factor: number;
}

const anyNumber: OptionRule<number> = value => (typeof value === 'number' ? value : undefined);

export const scale: Word<[x: Layer, options: LayerOptions & Options], AffineDefinition<ScaleLayer, Options>> = word({
  kind: 'scale',
  role: 'affine',
  operands: 1,
  positional: null,
  options: { factor: { rule: anyNumber } },
  resolve: question => ({ shape: firstShape(question), factor: question.options.factor }),
  shapeOf: (_, inputs) => onlyShape(inputs),
  attributes: { factor: 'plain' },
  parameters: () => [],
  mixesEntries: false,
  window: () => inPlace,
  roundings: () => ({ forward: 1, products: 1, backward: 1 }),
  macs: () => 0,
  pytorchOrder: 'kept',
});
