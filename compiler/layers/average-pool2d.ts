import type { WrittenPadding } from '../1-frontend/arch-ast.ts';
import * as rules from '../1-frontend/option-rules.ts';
import { noPadding, type Padding, paddedSize, samePadding, windowCounts } from '../2-graph/padding.ts';
import type { Layer } from '../authoring/handles.ts';
import { found, invariant } from '../shared/assert.ts';
import type { AffineDefinition, LayerBase, Pair, Resolved, ShapeQuestion } from './definition.ts';
import { fourSides } from './four-sides.ts';
import type { LayerOptions, PaddingOption, PerAxis } from './layer-options.ts';
import { firstShape, onlyShape, producers, refuse, wrongRank } from './shape-question.ts';
import { type Word, word } from './word.ts';

export interface AveragePool2dOptions extends LayerOptions {
  readonly poolSize: PerAxis;
  /** Default: `poolSize`, so that windows lie side by side. */
  readonly strides?: PerAxis | undefined;
  /** Default `'valid'`, no padding. Less than `poolSize` on each side. */
  readonly padding?: PaddingOption | undefined;
  /** Whether zeros of the padding count in an average, as they do in PyTorch unless told otherwise. Default false, as in Keras. */
  readonly countPadding?: boolean | undefined;
}

interface Options {
  readonly poolSize: Pair;
  readonly strides: Pair | null;
  readonly padding: WrittenPadding;
  readonly countPadding: boolean;
}

interface AveragePool2dLayer extends LayerBase<'averagePool2d'> {
  /** Height, width. */
  readonly poolSize: Pair;
  /** Height, width. */
  readonly strides: Pair;
  readonly padding: Padding;
  readonly countPadding: boolean;
}

const asPoolSize: Pair | null = null;
const valid: WrittenPadding = 'valid';

/** The average of each window of a map, channel by channel. */
export const averagePool2d: Word<
  [x: Layer, options: AveragePool2dOptions],
  AffineDefinition<AveragePool2dLayer, Options>
> = word({
  kind: 'averagePool2d',
  role: 'affine',
  operands: 1,
  positional: null,
  options: {
    poolSize: { rule: rules.sizePair },
    strides: { rule: rules.sizePair, default: asPoolSize },
    padding: { rule: rules.padding, default: valid },
    countPadding: { rule: rules.boolean, default: false },
  },
  resolve,
  shapeOf({ poolSize, strides, padding: { top, bottom, left, right }, padding }, inputs) {
    const [height, width, channels, ...more] = onlyShape(inputs);
    invariant(channels !== undefined && more.length === 0, 'pooling needs [height, width, channels]');
    const isLess = Math.max(top, bottom) < poolSize[0] && Math.max(left, right) < poolSize[1];
    invariant(isLess, 'a window lies in the padding');
    return [...windowCounts({ input: [height!, width!], kernelSize: poolSize, strides }, padding), channels];
  },
  attributes: { poolSize: 'plain', strides: 'plain', padding: fourSides, countPadding: 'plain' },
  parameters: () => [],
  mixesEntries: true,
  inPlace: false,
  deviations: null,
  // Where the padding does not count, windows at the border weigh their entries more than others.
  window: ({ strides, poolSize, padding, countPadding }) =>
    countPadding || Object.values(padding).every(side => side === 0)
      ? { strides, kernelSize: poolSize, before: [padding.top, padding.left] }
      : null,
  roundings({ poolSize: [height, width], strides }) {
    const windows = Math.ceil(height / strides[0]) * Math.ceil(width / strides[1]);
    // A sum, or one of sums, and the factor: one number for both axes or one for each, rounded itself.
    return { forward: height * width + 4, products: 0, backward: windows + 4 };
  },
  pytorchOrder: 'byChannel',
});

function resolve(question: ShapeQuestion<Options>): Resolved<AveragePool2dLayer> | undefined {
  const shape = firstShape(question);
  const [height, width] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined) {
    const help = 'pool a map [height, width, channels], or put reshape() before it';
    return wrongRank(question, 'averagePool2d()', 'a map [height, width, channels]', shape, help);
  }
  const { poolSize, padding: written, countPadding } = question.options;
  const strides = question.options.strides ?? poolSize;
  const windows = { input: [height, width] as const, kernelSize: poolSize, strides };
  const padding = written === 'same' ? samePadding(windows) : written === 'valid' ? noPadding : written;
  const { top, bottom, left, right } = padding;
  for (const [side, limit] of [
    [Math.max(top, bottom), poolSize[0]],
    [Math.max(left, right), poolSize[1]],
  ] as const) {
    // A window that lies in the padding has no average.
    if (side >= limit) {
      const values = { what: '`padding`', value: String(side), range: [0, limit - 1] as const };
      return refuse(question, 'out-of-range', values, 'padding', producers(question));
    }
  }
  const [rows, columns] = windowCounts(windows, padding);
  if (rows === 0 || columns === 0) {
    const padded = paddedSize(windows.input, padding);
    return refuse(question, 'kernel-too-large', { kernel: poolSize, padded }, 'poolSize', producers(question));
  }
  return { shape: [rows, columns, found(shape[2], 'channels')], poolSize, strides, padding, countPadding };
}
