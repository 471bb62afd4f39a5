/** What a strategy is weighed by, and what comes of it. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import type { BoundsRequest, Purpose } from './bounds-request.ts';
import type { Cost, ProbabilitySizes, ScaleEstimator, SingleStrategy, Strategy } from './plan.ts';

export interface ScheduleOptions {
  readonly requests: readonly BoundsRequest[];
  readonly projections: number;
  readonly estimator: ScaleEstimator;
  /** Of the plan that certifies: its middle bounds may fail with this probability. Null: they may not. */
  readonly probability: ProbabilitySizes | null;
  /** Bytes that the tensors of one call may take, and the batch they are meant for. */
  readonly memoryBytes: number;
  readonly certifyBatch: number;
  readonly trainBatch: number;
  /** Of the plan that certifies. `real` is for comparisons in tests: a module of it certifies nothing. */
  readonly arithmetic: 'float32' | 'real';
}

export interface Setting {
  readonly dual: DualNetwork;
  readonly purpose: Purpose;
  readonly options: ScheduleOptions;
  readonly costOf: (bound: Bound, strategy: SingleStrategy) => Cost;
  readonly examples: number;
}

export interface Candidate extends Cost {
  readonly strategy: Strategy;
}

export interface SingleCandidate extends Candidate {
  readonly strategy: SingleStrategy;
}

/** The memory is that of the cost: weighed when it is read. */
export const candidateOf = (strategy: SingleStrategy, cost: Cost): SingleCandidate => ({
  strategy,
  macs: cost.macs,
  milliseconds: cost.milliseconds,
  get bytesPerExample() {
    return cost.bytesPerExample;
  },
});
