/** Which settings of a training run make sense, and what is taken where a caller leaves one open. */
import * as v from 'valibot';
import {
  flag,
  nonNegative,
  oneOf,
  positive,
  properShare,
  radiusOrZero,
  share,
  wholeNumber,
} from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import type { ModelMeta } from '../contract.ts';
import { initializations } from './initialize.ts';
import type { TrainSettings } from './train-settings.ts';

const needsObject = 'it needs an object';

export const trainSettingsSchema: v.GenericSchema<unknown, TrainSettings> = v.strictObject(
  {
    epochs: wholeNumber(1),
    batch: wholeNumber(1),
    epsilon: v.strictObject({ from: radiusOrZero, to: radiusOrZero, epochs: nonNegative }, needsObject),
    naturalWeight: v.strictObject({ from: share, to: share, epochs: nonNegative }, needsObject),
    optimizer: v.variant(
      'kind',
      [
        v.strictObject({ kind: v.literal('adam'), weightDecay: nonNegative }),
        v.strictObject({ kind: v.literal('sgd'), momentum: properShare, weightDecay: nonNegative }),
      ],
      "it needs kind 'adam' or 'sgd'",
    ),
    learningRate: positive,
    learningRateSchedule: v.variant(
      'kind',
      [
        v.strictObject({ kind: v.literal('constant') }),
        v.strictObject({ kind: v.literal('halve'), every: positive, after: nonNegative }),
        v.strictObject({ kind: v.literal('cosine') }),
      ],
      "it needs kind 'constant', 'halve' or 'cosine'",
    ),
    clip: v.nullable(positive),
    augment: v.nullable(v.strictObject({ shift: wholeNumber(0), flip: flag }, needsObject)),
    initialization: oneOf(initializations),
    seed: wholeNumber(0),
  },
  needsObject,
);

/**
 * The settings with those that are left open filled in, as `dualc train` has them: 15 epochs, batches of 50, Adam at 0.001 (SGD,
 * when that is said, at 0.05) falling by a cosine; in the first half the radius grows from 0 to the architecture's and the natural
 * loss fades. Raises `InputError` for one that is unknown or out of range.
 */
export function completeSettings(given: Partial<TrainSettings> | undefined, meta: ModelMeta): TrainSettings {
  const said = Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined));
  const epochs = typeof said.epochs === 'number' ? said.epochs : 15;
  const growth = Math.max(0, Math.round(epochs / 2));
  const defaults: TrainSettings = {
    epochs,
    batch: 50,
    epsilon: { from: 0, to: meta.ball.epsilon, epochs: growth },
    naturalWeight: { from: 1, to: 0, epochs: growth },
    optimizer: { kind: 'adam', weightDecay: 0 },
    learningRate: given?.optimizer?.kind === 'sgd' ? 0.05 : 1e-3,
    learningRateSchedule: { kind: 'cosine' },
    clip: null,
    augment: null,
    initialization: 'he',
    seed: 0,
  };
  return checkArgument(trainSettingsSchema, { ...defaults, ...said }, 'train: settings');
}
