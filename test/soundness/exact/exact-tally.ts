/** What an exact run has looked at, in numbers that add up. */
import type { SubjectResult } from './check-subject.ts';
import type { Slack } from './slack.ts';

export interface ExactTally {
  readonly networks: number;
  /** Rational points, and runs in float32. */
  readonly points: number;
  readonly runs: number;
  readonly comparisons: number;
  /** Networks that some claimant certifies, and those that one does with J within one percent of the least margin seen. */
  readonly certified: number;
  readonly close: number;
  /** Networks about which something false is claimed, and those that have a false certificate. */
  readonly failed: number;
  readonly refuted: number;
  readonly worstMargin: number;
  readonly worstBound: number;
}

export const emptyTally: ExactTally = {
  networks: 0,
  points: 0,
  runs: 0,
  comparisons: 0,
  certified: 0,
  close: 0,
  failed: 0,
  refuted: 0,
  // Not −∞, which JSON does not know.
  worstMargin: -Number.MAX_VALUE,
  worstBound: -Number.MAX_VALUE,
};

export const tallyOf = ({ observed, comparisons, failures }: SubjectResult, slack: Slack): ExactTally => ({
  networks: 1,
  points: observed.points,
  runs: observed.runs,
  comparisons,
  certified: Number(slack.isCertified),
  close: Number(slack.isClose),
  failed: Number(failures.length > 0),
  refuted: Number(failures.some(({ isRefuted }) => isRefuted)),
  worstMargin: Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, slack.worstMargin)),
  worstBound: Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, slack.worstBound)),
});

export const addTallies = (a: ExactTally, b: ExactTally): ExactTally => ({
  networks: a.networks + b.networks,
  points: a.points + b.points,
  runs: a.runs + b.runs,
  comparisons: a.comparisons + b.comparisons,
  certified: a.certified + b.certified,
  close: a.close + b.close,
  failed: a.failed + b.failed,
  refuted: a.refuted + b.refuted,
  worstMargin: Math.max(a.worstMargin, b.worstMargin),
  worstBound: Math.max(a.worstBound, b.worstBound),
});
