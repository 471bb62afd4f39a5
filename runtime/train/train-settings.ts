/** Everything that decides the weights of a run, apart from model and data. Plain data: it is kept in `run.json`. */

import type * as tf from '@tensorflow/tfjs-core';
import { adam, adamDefaults } from './adam.ts';
import type { Augmentation } from './augment.ts';
import type { Initialization } from './initialize.ts';
import type { LearningRateSchedule } from './learning-rate-schedule.ts';
import type { Optimizer } from './optimizer.ts';
import type { Ramp } from './ramp.ts';
import { sgd } from './sgd.ts';

export interface TrainSettings {
  readonly epochs: number;
  readonly batch: number;
  /** Radius of the ball, in the units of the network's input. */
  readonly epsilon: Ramp;
  /** Weight of the natural loss, in [0, 1]; the robust loss has the rest. */
  readonly naturalWeight: Ramp;
  readonly optimizer: OptimizerSettings;
  readonly learningRate: number;
  readonly learningRateSchedule: LearningRateSchedule;
  /** Largest joint ℓ2 norm of the gradients; null does not clip. */
  readonly clip: number | null;
  /** Null trains on the examples as they are. */
  readonly augment: Augmentation | null;
  readonly initialization: Initialization;
  readonly seed: number;
}

export type OptimizerSettings =
  | { readonly kind: 'adam'; readonly weightDecay: number }
  | { readonly kind: 'sgd'; readonly momentum: number; readonly weightDecay: number };

/** The optimizer of the settings; `saved` is a state to go on from. */
export function makeOptimizer(
  settings: OptimizerSettings,
  params: Readonly<Record<string, tf.Tensor>>,
  saved: Readonly<Record<string, tf.Tensor>> | null,
): Optimizer {
  return settings.kind === 'adam'
    ? adam(params, { ...adamDefaults, weightDecay: settings.weightDecay }, saved)
    : sgd(params, settings, saved);
}
