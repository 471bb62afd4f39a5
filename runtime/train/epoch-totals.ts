/** Running sums of one epoch's losses, kept in checkpoints so that a resumed epoch reports what an uninterrupted one does. */
import type { Loss, TrainingLoss } from './training-loss.ts';

export interface EpochTotals {
  readonly examples: number;
  readonly natural: Loss;
  /** Sums over the examples whose robust loss was computed. */
  readonly robust: Loss;
  readonly robustExamples: number;
}

const nothing: Loss = { crossEntropy: 0, error: 0 };
export const emptyTotals: EpochTotals = { examples: 0, natural: nothing, robust: nothing, robustExamples: 0 };

/** The totals with the mean losses of a batch of `count` examples added. */
export function addBatch(
  totals: EpochTotals,
  loss: Pick<TrainingLoss, 'natural' | 'robust' | 'robustExamples'>,
  count: number,
): EpochTotals {
  return {
    examples: totals.examples + count,
    natural: addTimes(totals.natural, loss.natural, count),
    robust: loss.robust === null ? totals.robust : addTimes(totals.robust, loss.robust, loss.robustExamples),
    robustExamples: totals.robustExamples + (loss.robust === null ? 0 : loss.robustExamples),
  };
}

/** Mean losses per example; `robust` is null when no batch computed it. */
export function meansOf(totals: EpochTotals): { natural: Loss; robust: Loss | null } {
  return {
    natural: divide(totals.natural, totals.examples),
    robust: totals.robustExamples === 0 ? null : divide(totals.robust, totals.robustExamples),
  };
}

const addTimes = (sum: Loss, loss: Loss, count: number): Loss => ({
  crossEntropy: sum.crossEntropy + count * loss.crossEntropy,
  error: sum.error + count * loss.error,
});

const divide = (sum: Loss, count: number): Loss => ({
  crossEntropy: sum.crossEntropy / count,
  error: sum.error / count,
});
