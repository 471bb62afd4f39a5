/** Kinds that live outside of the compiler with everything that certificates ask of them, added through the public tables. */
import type { OptionRule } from '../../compiler/1-frontend/option-rules.ts';
import { sizePair } from '../../compiler/1-frontend/option-rules.ts';
import { isList } from '../../compiler/1-frontend/value.ts';
import type { AffineRule } from '../../compiler/5-program/affine/affine-rule.ts';
import { registerAffineRule } from '../../compiler/5-program/affine/affine-rules.ts';
import type { ProgramBuilder } from '../../compiler/5-program/builder.ts';
import type { NonlinearityRule } from '../../compiler/5-program/nonlinearity/nonlinearity-rule.ts';
import { registerNonlinearityRule } from '../../compiler/5-program/nonlinearity/nonlinearity-rules.ts';
import type { BoundValues, Exactness, Lines } from '../../compiler/5-program/relaxation/lines.ts';
import type { Layer } from '../../compiler/authoring/handles.ts';
import {
  type AffineDefinition,
  type LayerBase,
  type NonlinearityDefinition,
  type NoOptions,
  noRoundings,
  type Pair,
} from '../../compiler/layers/definition.ts';
import type { LayerOptions } from '../../compiler/layers/layer-options.ts';
import { registerLayer } from '../../compiler/layers/registry.ts';
import { firstShape, onlyShape } from '../../compiler/layers/shape-question.ts';
import { type Word, word } from '../../compiler/layers/word.ts';
import { leastNormal, roundedUp } from '../../compiler/shared/float32.ts';
import type { ValueId } from '../../compiler/shared/ids.ts';
import type { Shape } from '../../compiler/shared/shape.ts';
import { matrix, registerMeaning } from './layer-meaning.ts';

const corner: OptionRule<Pair> = value =>
  isList(value) && value.items.length === 2 ? [Number(value.items[0]), Number(value.items[1])] : undefined;

interface CropOptions {
  /** The first row and column that stay. */
  readonly from: Pair;
  /** How many of each. */
  readonly size: Pair;
}
interface CropLayer extends LayerBase<'crop'>, CropOptions {}

const cropped = ({ size }: CropOptions, input: Shape): Shape => [...size, input[2] ?? 1];

/** A part of a map. */
export const crop: Word<
  [x: Layer, options: LayerOptions & CropOptions],
  AffineDefinition<CropLayer, CropOptions>
> = word({
  kind: 'crop',
  role: 'affine',
  operands: 1,
  positional: null,
  options: { from: { rule: corner }, size: { rule: sizePair } },
  resolve: question => ({ ...question.options, shape: cropped(question.options, firstShape(question)) }),
  shapeOf: (layer, inputs) => cropped(layer, onlyShape(inputs)),
  attributes: { from: 'plain', size: 'plain' },
  parameters: () => [],
  mixesEntries: false,
  inPlace: false,
  deviations: null,
  window: ({ from }) => ({ strides: [1, 1], kernelSize: [1, 1], before: [-from[0], -from[1]] }),
  roundings: () => noRoundings,
  pytorchOrder: 'byChannel',
});

const cropRule: AffineRule<CropLayer> = {
  forward: (b, { from, size }, x) => b.slice(b.slice(x, 1, from[0], size[0]), 2, from[1], size[1]),
  transposed(b, { from, size }, dual, [height = 0, width = 0]) {
    const after = [0, height - from[0] - size[0], width - from[1] - size[1], 0];
    return b.pad(dual, [0, ...from, 0], after);
  },
  transposedOnWindow: (_b, _layer, dual) => dual,
  rows: null,
  liveProducts: null,
};

interface GainOptions {
  readonly factor: number;
}
interface GainLayer extends LayerBase<'gain'>, GainOptions {}

const float32Number: OptionRule<number> = value => (typeof value === 'number' ? Math.fround(value) : undefined);

/** Every number times one and the same float32 factor of any sign. */
export const gain: Word<
  [x: Layer, options: LayerOptions & GainOptions],
  AffineDefinition<GainLayer, GainOptions>
> = word({
  kind: 'gain',
  role: 'affine',
  operands: 1,
  positional: null,
  options: { factor: { rule: float32Number } },
  resolve: question => ({ shape: firstShape(question), factor: question.options.factor }),
  shapeOf: (_, inputs) => onlyShape(inputs),
  attributes: { factor: 'plain' },
  parameters: () => [],
  mixesEntries: false,
  inPlace: true,
  deviations: null,
  window: () => ({ strides: [1, 1], kernelSize: [1, 1], before: [0, 0] }),
  roundings: () => ({ forward: 1, products: 1, backward: 1 }),
  pytorchOrder: 'kept',
});

const times = (b: ProgramBuilder, x: ValueId, factor: number): ValueId => b.binary('mul', x, b.constant(factor));

const gainRule: AffineRule<GainLayer> = {
  forward(b, { factor }, x, map) {
    const size = roundedUp(Math.abs(factor) + leastNormal);
    if (typeof map === 'object') return b.binary('add', times(b, x, size), b.constant(roundedUp(map.floor)));
    switch (map) {
      case 'affine':
      case 'linear':
        return times(b, x, factor);
      case 'magnitude':
        return times(b, x, Math.abs(factor));
      case 'squared':
        return times(b, x, factor * factor);
      case 'outwardSquared':
        return times(b, x, roundedUp(factor * factor + leastNormal));
    }
  },
  transposed: (b, { factor }, dual) => times(b, dual, factor),
  transposedOnWindow: (b, { factor }, dual) => times(b, dual, factor),
  rows: null,
  liveProducts: null,
};

/** `|x|`, number by number. */
export const absolute: Word<[x: Layer], NonlinearityDefinition<LayerBase<'absolute'>, NoOptions>> = word({
  kind: 'absolute',
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

/**
 * Convex: under its chord, and over every line through 0 of a slope from −1 to 1. Where nothing is rounded the chord meets both ends, and
 * no maximum, which has no gradient at a tie, is needed.
 */
function absoluteLines(
  b: ProgramBuilder,
  { lower, upper }: BoundValues,
  exactness: Exactness,
  lowest: 'chord' | 'nearest side',
): Lines {
  const parts = (value: ValueId) => [b.unary('relu', value), b.unary('relu', b.unary('neg', value))] as const;
  const [[lowRight, lowLeft], [highRight, highLeft]] = [parts(lower), parts(upper)];
  const sum = b.binary('add', highRight, lowLeft);
  const orOne = b.binary('sub', b.constant(1), b.unary('step', sum));
  const width = exactness === 'real' ? b.binary('add', sum, orOne) : b.binary('maximum', sum, b.constant(leastNormal));
  const steep = b.binary('div', b.binary('sub', highRight, lowLeft), width);
  const slope =
    exactness === 'real' ? steep : b.binary('minimum', b.binary('maximum', steep, b.constant(-1)), b.constant(1));
  const [downhill, uphill] = [b.binary('sub', b.constant(1), slope), b.binary('add', b.constant(1), slope)];
  const reach = (right: ValueId, left: ValueId): ValueId =>
    b.binary('add', b.binary('mul', right, downhill), b.binary('mul', left, uphill));
  const intercept =
    exactness === 'real'
      ? reach(lowRight, lowLeft)
      : b.binary('maximum', reach(lowRight, lowLeft), reach(highRight, highLeft));
  if (lowest === 'chord') return { lower: { slope, intercept: null }, upper: { slope, intercept } };
  const isRight = b.unary('step', b.binary('sub', highRight, lowLeft));
  const side = b.binary('sub', b.binary('mul', isRight, b.constant(2)), b.constant(1));
  return { lower: { slope: side, intercept: null }, upper: { slope, intercept } };
}

const absoluteRule: NonlinearityRule<LayerBase<'absolute'>> = {
  value: (b, _layer, z) => b.unary('abs', z),
  image: (b, _layer, { lower, upper }) => ({
    least: b.binary('add', b.unary('relu', lower), b.unary('relu', b.unary('neg', upper))),
    greatest: b.binary('maximum', b.unary('abs', lower), b.unary('abs', upper)),
  }),
  magnitude: (b, _layer, { lower, upper }) => b.binary('maximum', b.unary('abs', lower), b.unary('abs', upper)),
  live: null,
  slopes: 'anySign',
  steepest: 1,
  lines: {
    band: (b, _layer, bounds, exactness) => absoluteLines(b, bounds, exactness, 'chord'),
    crown: (b, _layer, bounds, exactness) => absoluteLines(b, bounds, exactness, 'nearest side'),
  },
};

export const sampleRules = { crop: cropRule, gain: gainRule, absolute: absoluteRule } as const;

/** Adds them to every table, and what they mean to the oracles, until the function that is returned is called. */
export function registerSampleKinds(): () => void {
  const undo = [
    registerLayer(crop),
    registerLayer(gain),
    registerLayer(absolute),
    registerAffineRule('crop', cropRule),
    registerAffineRule('gain', gainRule),
    registerNonlinearityRule('absolute', absoluteRule),
    registerMeaning('crop', (layer, [inputShape = []]) =>
      matrix(layer, {}, entry => {
        const { from } = layer as unknown as CropLayer;
        const [, width = 1, channels = 1] = inputShape;
        const [rows = 0, columns = 0] = layer.shape;
        for (let row = 0; row < rows; row++)
          for (let column = 0; column < columns; column++)
            for (let channel = 0; channel < channels; channel++) {
              const place = ((row + from[0]) * width + column + from[1]) * channels + channel;
              entry((row * columns + column) * channels + channel, place, 1);
            }
      }),
    ),
    registerMeaning('gain', layer =>
      matrix(layer, {}, entry => {
        const size = layer.shape.reduce((product, dim) => product * dim, 1);
        for (let i = 0; i < size; i++) entry(i, i, (layer as unknown as GainLayer).factor);
      }),
    ),
    registerMeaning('absolute', () => ({
      kind: 'curve',
      curve: {
        value: Math.abs,
        slope: Math.sign,
        image: (low, high) => [
          low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high)),
          Math.max(Math.abs(low), Math.abs(high)),
        ],
      },
    })),
  ];
  return () => {
    for (const each of undo) each();
  };
}
