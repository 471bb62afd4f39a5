/** From the flags of `dualc train` to everything that decides the weights. */

import type { Augmentation } from '../../runtime/train/augment.ts';
import type { Initialization } from '../../runtime/train/initialize.ts';
import type { LearningRateSchedule } from '../../runtime/train/learning-rate-schedule.ts';
import type { Ramp } from '../../runtime/train/ramp.ts';
import type { TrainSettings } from '../../runtime/train/train-settings.ts';

export interface TrainFlags {
  readonly epochs: number;
  readonly batch: number;
  readonly optimizer: 'adam' | 'sgd';
  readonly lr?: number | undefined;
  readonly lrSchedule?: LearningRateSchedule | undefined;
  readonly momentum: number;
  readonly weightDecay?: number | undefined;
  readonly clip?: number | undefined;
  readonly epsilonStart: number;
  readonly epsilonEpochs?: number | undefined;
  readonly naturalWeight: readonly [number, number];
  readonly naturalEpochs?: number | undefined;
  readonly bounds?: string | undefined;
  readonly augment?: Augmentation | undefined;
  readonly init: Initialization;
  readonly seed: number;
}

/** The settings that flags ask for; `epsilon` is the radius at the end of the ramp. */
export function trainSettings(flags: TrainFlags, epsilon: number): TrainSettings {
  const ramp = flags.epsilonEpochs ?? Math.round(flags.epochs * rampShare);
  const [from, to] = flags.naturalWeight;
  const natural: Ramp = { from, to, epochs: flags.naturalEpochs ?? ramp };
  return {
    epochs: flags.epochs,
    batch: flags.batch,
    epsilon: { from: Math.min(flags.epsilonStart, epsilon), to: epsilon, epochs: ramp },
    naturalWeight: natural,
    optimizer:
      flags.optimizer === 'adam'
        ? { kind: 'adam', weightDecay: flags.weightDecay ?? 0 }
        : { kind: 'sgd', momentum: flags.momentum, weightDecay: flags.weightDecay ?? 5e-4 },
    learningRate: flags.lr ?? (flags.optimizer === 'adam' ? 1e-3 : 0.05),
    learningRateSchedule: flags.lrSchedule ?? { kind: 'cosine' },
    clip: flags.clip ?? null,
    augment: flags.augment ?? null,
    initialization: flags.init,
    seed: flags.seed,
  };
}

/** Share of the epochs in which epsilon grows. */
const rampShare = 0.5;
/** Share of the epochs that train with the tighter bound at the end. */
const tightShare = 0.2;

/** Interval bounds first, because they are cheap and steady; tighter ones at the end (see design, section 5). */
export function defaultBounds(epochs: number): string {
  const tight = Math.round(epochs * tightShare);
  return tight === 0 ? 'interval' : `interval:${epochs - tight},sketch:${tight}`;
}
