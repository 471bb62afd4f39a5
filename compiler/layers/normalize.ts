import * as rules from '../1-frontend/option-rules.ts';
import type { Layer } from '../authoring/handles.ts';
import { invariant } from '../shared/assert.ts';
import { isFloat32 } from '../shared/float32.ts';
import { type AffineDefinition, inPlace, type LayerBase, type ShapeQuestion } from './definition.ts';
import type { LayerOptions } from './layer-options.ts';
import { firstShape, onlyShape, producers, refuse } from './shape-question.ts';
import { type Word, word } from './word.ts';

/** One number for all channels, or one per channel. */
export interface NormalizeOptions extends LayerOptions {
  readonly mean: number | readonly number[];
  readonly std: number | readonly number[];
}

interface Options {
  readonly mean: number | readonly number[];
  readonly std: number | readonly number[];
}

/** One mean and one standard deviation per channel (last axis). */
interface NormalizeLayer extends LayerBase<'normalize'> {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** `(x − mean) / std` per channel. Put it first, so that the ball stays in units of pixels. */
export const normalize: Word<[x: Layer, options: NormalizeOptions], AffineDefinition<NormalizeLayer, Options>> = word({
  kind: 'normalize',
  role: 'affine',
  operands: 1,
  positional: null,
  options: { mean: { rule: rules.perChannel }, std: { rule: rules.positivePerChannel } },
  resolve(question) {
    const shape = firstShape(question);
    const channels = shape.at(-1) ?? 1;
    const mean = perChannel(question, 'mean', channels);
    const std = perChannel(question, 'std', channels);
    if (mean === undefined || std === undefined) return undefined;
    const far = mean.findIndex((value, channel) => !isFloat32(value / std[channel]!));
    if (far < 0) return { shape, mean, std };
    const value = `${mean[far]} / ${std[far]}`;
    const why = 'which is too large or too small for float32';
    return refuse(question, 'not-in-float32', { what: '`mean` / `std`', value, why }, 'mean');
  },
  shapeOf({ id, mean, std }, inputs) {
    const shape = onlyShape(inputs);
    invariant(mean.length === shape.at(-1) && std.length === mean.length, 'one mean and one deviation per channel');
    invariant(
      std.every(deviation => deviation > 0),
      `${id} has a deviation of zero`,
    );
    return shape;
  },
  attributes: { mean: 'plain', std: 'plain' },
  parameters: () => [],
  mixesEntries: false,
  inPlace: true,
  deviations: ({ std }) => std,
  window: () => inPlace,
  // Forward: the mean and the factor 1/std are rounded to float32 before they are subtracted and multiplied.
  roundings: () => ({ forward: 4, products: 0, backward: 2 }),
  pytorchOrder: 'kept',
});

function perChannel(
  question: ShapeQuestion<Options>,
  what: 'mean' | 'std',
  channels: number,
): readonly number[] | undefined {
  const given = question.options[what];
  if (typeof given === 'number') return Array.from({ length: channels }, () => given);
  if (given.length === channels) return given;
  return refuse(
    question,
    'channel-count-mismatch',
    { what: `\`${what}\``, given: given.length, channels },
    what,
    producers(question),
  );
}
