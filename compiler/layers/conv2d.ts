import type { WrittenPadding } from '../1-frontend/arch-ast.ts';
import * as rules from '../1-frontend/option-rules.ts';
import { noPadding, type Padding, paddedSize, samePadding, windowCounts } from '../2-graph/padding.ts';
import type { Layer } from '../authoring/handles.ts';
import { found, invariant } from '../shared/assert.ts';
import type { AffineDefinition, LayerBase, Pair, Resolved, ShapeQuestion } from './definition.ts';
import { fourSides } from './four-sides.ts';
import type { LayerOptions, PaddingOption, PerAxis } from './layer-options.ts';
import { kernelAndBias } from './parameter-declaration.ts';
import { firstShape, onlyShape, producers, refuse, wrongRank } from './shape-question.ts';
import { type Word, word } from './word.ts';

export interface Conv2dOptions extends LayerOptions {
  readonly filters: number;
  readonly kernelSize: PerAxis;
  /** Default 1. */
  readonly strides?: PerAxis | undefined;
  /** Default `'valid'`, no padding. A number stands for all four sides. */
  readonly padding?: PaddingOption | undefined;
  /** Default true. */
  readonly useBias?: boolean | undefined;
}

interface Options {
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: WrittenPadding;
  readonly useBias: boolean;
}

interface Conv2dLayer extends LayerBase<'conv2d'> {
  readonly filters: number;
  /** Height, width. */
  readonly kernelSize: Pair;
  /** Height, width. */
  readonly strides: Pair;
  readonly padding: Padding;
  readonly useBias: boolean;
}

const bothOne: Pair = [1, 1];
const valid: WrittenPadding = 'valid';

/** A convolution of `[height, width, channels]`. Parameters: `<name>.weight` `[height, width, in, out]`, `<name>.bias`. */
export const conv2d: Word<[x: Layer, options: Conv2dOptions], AffineDefinition<Conv2dLayer, Options>> = word({
  kind: 'conv2d',
  role: 'affine',
  operands: 1,
  positional: null,
  options: {
    filters: { rule: rules.size },
    kernelSize: { rule: rules.sizePair },
    strides: { rule: rules.sizePair, default: bothOne },
    padding: { rule: rules.padding, default: valid },
    useBias: { rule: rules.boolean, default: true },
  },
  resolve,
  shapeOf({ kernelSize, strides, padding, filters }, inputs) {
    const [height, width, channels, ...more] = onlyShape(inputs);
    invariant(channels !== undefined && more.length === 0, 'a convolution needs [height, width, channels]');
    return [...windowCounts({ input: [height!, width!], kernelSize, strides }, padding), filters];
  },
  attributes: { filters: 'plain', kernelSize: 'plain', strides: 'plain', padding: fourSides, useBias: 'plain' },
  parameters({ kernelSize, filters, useBias }, inputs) {
    const channels = found(onlyShape(inputs).at(-1), 'channels of an input');
    return kernelAndBias([...kernelSize, channels, filters], [3, 2, 0, 1], useBias);
  },
  mixesEntries: true,
  inPlace: false,
  deviations: null,
  window: ({ strides, kernelSize, padding }) => ({ strides, kernelSize, before: [padding.top, padding.left] }),
  roundings({ kernelSize: [height, width], strides, filters, useBias }, input) {
    const products = height * width * found(input.at(-1), 'channels of an input');
    // An entry of the input lies in at most this many windows in each direction, whatever the padding.
    const windows = Math.ceil(height / strides[0]) * Math.ceil(width / strides[1]);
    return { forward: products + Number(useBias), products, backward: windows * filters };
  },
  pytorchOrder: 'own',
});

function resolve(question: ShapeQuestion<Options>): Resolved<Conv2dLayer> | undefined {
  const shape = firstShape(question);
  const [height, width] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined) {
    const help = 'give the input as [height, width, channels], or put reshape() before the convolution';
    return wrongRank(question, 'conv2d()', 'a map [height, width, channels]', shape, help);
  }
  const { filters, kernelSize, strides, padding: written, useBias } = question.options;
  const windows = { input: [height, width] as const, kernelSize, strides };
  const padding = written === 'same' ? samePadding(windows) : written === 'valid' ? noPadding : written;
  const [rows, columns] = windowCounts(windows, padding);
  if (rows === 0 || columns === 0) {
    const padded = paddedSize(windows.input, padding);
    return refuse(question, 'kernel-too-large', { kernel: kernelSize, padded }, 'kernelSize', producers(question));
  }
  return { shape: [rows, columns, filters], filters, kernelSize, strides, padding, useBias };
}
