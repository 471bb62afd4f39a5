/** What a training run is given, and what it tells while it lasts. */
import type { RobustModel } from '../contract.ts';
import type { Weights } from '../weights/weights-from.ts';
import type { BatchLoss } from './batch-loss.ts';
import type { Examples } from './batches.ts';
import type { BoundsPhase } from './bounds-schedule.ts';
import type { Snapshot } from './snapshot.ts';
import type { TrainSettings } from './train-settings.ts';
import type { Loss } from './training-loss.ts';

/** Epochs that share a training bound, and the module compiled with it. */
export interface Phase extends BoundsPhase {
  readonly model: RobustModel;
}

/** What happened up to the end of a step: means of the epoch so far, and the step's place on the schedules. */
export interface Report {
  /** Counted from 1. */
  readonly epoch: number;
  readonly step: number;
  readonly steps: number;
  readonly updates: number;
  readonly bounds: string;
  readonly epsilon: number;
  readonly naturalWeight: number;
  readonly learningRate: number;
  readonly natural: Loss;
  readonly robust: Loss | null;
  readonly seconds: number;
}

export interface TrainHooks {
  step?(report: Report): void;
  epoch?(report: Report): void;
  /** Keeps a snapshot: after every epoch, when `saveSeconds` have passed, and when the run is stopped. */
  save?(snapshot: Snapshot): Promise<void>;
}

export interface TrainRun {
  /** Trains in all epochs. Instead of it: `phases`. */
  readonly model?: RobustModel | undefined;
  /** Modules of one network, compiled with other training bounds, one after the other; their epochs add up to those of the settings. */
  readonly phases?: readonly Phase[] | undefined;
  readonly examples: Examples;
  /** What is left open is as `completeSettings` says. */
  readonly settings?: Partial<TrainSettings> | undefined;
  /** Parameters to begin with instead of drawing them, as from another run. */
  readonly initial?: Weights | null | undefined;
  /** Where to go on; null, the default, starts from the beginning. */
  readonly from?: Snapshot | null | undefined;
  readonly hooks?: TrainHooks | undefined;
  /** Seconds between snapshots within an epoch. Default: none. */
  readonly saveSeconds?: number | undefined;
  /** Stops after the step under way, once a snapshot is saved. */
  readonly signal?: AbortSignal | undefined;
  /** Computes losses and gradients. Default: on the current backend, a batch at once. */
  readonly lossOfBatch?: BatchLoss | undefined;
}

/** A run that can be trained, with nothing left open. */
export interface CheckedRun extends TrainRun {
  readonly phases: readonly Phase[];
  readonly settings: TrainSettings;
  readonly initial: Weights | null;
  readonly from: Snapshot | null;
  readonly hooks: TrainHooks;
  readonly saveSeconds: number;
  readonly lossOfBatch: BatchLoss;
}
