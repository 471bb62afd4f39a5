/** Kinds of layers that live outside of the compiler. */
import type { OptionRule } from '../../compiler/1-frontend/option-rules.ts';
import type { Layer } from '../../compiler/authoring/handles.ts';
import {
  type AffineDefinition,
  type ConcatDefinition,
  inPlace,
  type LayerBase,
  type NoOptions,
  noRoundings,
} from '../../compiler/layers/definition.ts';
import type { LayerOptions } from '../../compiler/layers/layer-options.ts';
import { firstShape, onlyShape } from '../../compiler/layers/shape-question.ts';
import { type Word, word } from '../../compiler/layers/word.ts';
import type { Shape } from '../../compiler/shared/shape.ts';

interface Options {
  readonly factor: number;
}
interface ScaleLayer extends LayerBase<'scale'> {
  readonly factor: number;
}

const anyNumber: OptionRule<number> = value => (typeof value === 'number' ? value : undefined);

/** Every number times one and the same factor. */
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
  inPlace: true,
  deviations: null,
  window: () => inPlace,
  roundings: () => ({ forward: 1, products: 1, backward: 1 }),
  pytorchOrder: 'kept',
});

/** Operands side by side on the last axis. */
export const sideBySide: Word<readonly Layer[], ConcatDefinition<LayerBase<'sideBySide'>, NoOptions>> = word({
  kind: 'sideBySide',
  role: 'concat',
  operands: 'twoOrMore',
  positional: null,
  options: {},
  resolve: ({ inputs }) => ({ shape: joinedShape(inputs.map(({ shape }) => shape)) }),
  shapeOf: (_, inputs) => joinedShape(inputs),
  attributes: {},
  parameters: () => [],
  roundings: () => noRoundings,
});

const joinedShape = (shapes: readonly Shape[]): Shape => [
  ...(shapes[0]?.slice(0, -1) ?? []),
  shapes.reduce((sum, shape) => sum + (shape.at(-1) ?? 0), 0),
];

/** Every second row and column of a map. */
export const everySecond: Word<[x: Layer], AffineDefinition<LayerBase<'everySecond'>, NoOptions>> = word({
  kind: 'everySecond',
  role: 'affine',
  operands: 1,
  positional: null,
  options: {},
  resolve: question => ({ shape: halved(firstShape(question)) }),
  shapeOf: (_, inputs) => halved(onlyShape(inputs)),
  attributes: {},
  parameters: () => [],
  mixesEntries: false,
  inPlace: false,
  deviations: null,
  window: () => ({ strides: [2, 2], kernelSize: [1, 1], before: [0, 0] }),
  roundings: () => noRoundings,
  pytorchOrder: 'byChannel',
});

const halved = ([height = 1, width = 1, channels = 1]: Shape): Shape => [
  Math.ceil(height / 2),
  Math.ceil(width / 2),
  channels,
];
