/** A recipe of the paper: what `dualc train --preset NAME` sets where the command line says nothing. */
import type { Augmentation } from '../../../runtime/train/augment.ts';
import type { LearningRateSchedule } from '../../../runtime/train/learning-rate-schedule.ts';

/** Options of `dualc train`, by the names that commander keeps them under. Radii are in the units of the input. */
export interface PresetOptions {
  readonly data: 'mnist' | 'cifar10';
  readonly epsilon: number;
  readonly norm: 'linf' | 'l2';
  /** An ℓ2 ball has none. */
  readonly box?: false;
  readonly bounds: 'exact' | 'sketch:per-layer';
  readonly projections: number;
  readonly estimator: 'median';
  readonly epsilonStart: number;
  readonly epsilonEpochs: number;
  readonly naturalWeight: readonly [number, number];
  readonly epochs: number;
  readonly batch: number;
  readonly optimizer: 'adam' | 'sgd';
  readonly lr: number;
  readonly lrSchedule: LearningRateSchedule;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly augment?: Augmentation;
  readonly set?: Readonly<Record<string, string>>;
}

/** Errors in percent, as printed. */
export interface PrintedErrors {
  readonly robust: number;
  readonly standard: number;
}

export interface Preset {
  readonly name: string;
  /** The table of the paper and its row. */
  readonly row: string;
  /** Of `examples`. */
  readonly architecture: string;
  /** Trained parameters of that network (Table 1), by which another one is noticed; null where the paper gives none. */
  readonly parameters: number | null;
  readonly options: PresetOptions;
  readonly printed: PrintedErrors;
  /** Of its cascade (Algorithm 2), whose robust error is `coverageError` here. */
  readonly printedCascade: PrintedErrors | null;
}
