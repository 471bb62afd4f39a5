/** Settings and hooks for training runs of the toy model in tests. */
import type { RunDescription } from '../../runtime/checkpoint/run-folder.ts';
import type { RobustModel } from '../../runtime/contract.ts';
import type { Snapshot } from '../../runtime/train/snapshot.ts';
import type { Phase, Report, TrainHooks, TrainRun } from '../../runtime/train/train-run.ts';
import type { TrainSettings } from '../../runtime/train/train-settings.ts';
import { toyData, toyModel } from './toy-model.ts';

export const toySettings: TrainSettings = {
  epochs: 4,
  batch: 30,
  epsilon: { from: 0, to: 0.02, epochs: 2 },
  naturalWeight: { from: 1, to: 0.25, epochs: 2 },
  optimizer: { kind: 'adam', weightDecay: 1e-4 },
  learningRate: 0.02,
  learningRateSchedule: { kind: 'halve', after: 2, every: 1 },
  clip: 5,
  augment: null,
  initialization: 'he',
  seed: 7,
};

/** Everything that a run tells its hooks. */
export interface Heard {
  readonly steps: Report[];
  readonly epochs: Report[];
  readonly saved: Snapshot[];
}

export type ToyRun = TrainRun & {
  readonly phases: readonly Phase[];
  readonly hooks: TrainHooks;
  readonly heard: Heard;
};

/** A run of two phases on 200 examples whose robust loss is noisy as a sketch's is, and what its hooks hear. */
export function toyRun(change: Partial<TrainRun> = {}, model: RobustModel = toyModel({}, 0.5)): ToyRun {
  const heard: Heard = { steps: [], epochs: [], saved: [] };
  const run: TrainRun = {
    phases: [
      { bounds: 'interval', epochs: 3, model: toyModel() },
      { bounds: 'sketch', epochs: 1, model },
    ],
    examples: toyData(200),
    settings: toySettings,
    from: null,
    saveSeconds: Number.POSITIVE_INFINITY,
    hooks: {
      step: report => void heard.steps.push(report),
      epoch: report => void heard.epochs.push(report),
      save: async snapshot => void heard.saved.push(snapshot),
    },
    ...change,
  };
  // Not one of the run's own properties, among which `train` refuses what it does not know.
  return Object.defineProperty(run, 'heard', { value: heard }) as ToyRun;
}

/** What `run.json` of such a run holds. */
export const toyDescription: RunDescription = {
  schemaVersion: 1,
  dualc: '0.1.0',
  architecture: 'toy.arch.ts',
  sourceHash: 'toy',
  norm: 'linf',
  box: [0, 1],
  bounds: 'interval:3,sketch:1',
  projections: 10,
  estimator: 'ml',
  data: 'toy',
  lineage: 'toy/train',
  examples: 200,
  backend: 'cpu',
  settings: toySettings,
};
