/** Where a plan to certify may fail with a probability: which bounds are estimated, and what cannot be asked for beside it. */
import { type BoundsRequest, BoundsRequestError, printRequested } from './bounds-request.ts';
import type { SingleCandidate } from './candidate.ts';
import { cheapestExact, type Weighing } from './exact-candidate.ts';
import type { ProbabilitySizes, ProbableStrategy } from './plan.ts';

/** Before all bounds are chosen nobody knows how many estimates there are, and no cost depends on it. */
export const beforeTails = ({ projections, estimators }: ProbabilitySizes): ProbableStrategy => ({
  kind: 'probable',
  projections,
  estimators,
  cauchyFactor: 1,
  normalFactor: 1,
});

/** Rows of the margins, and bounds in closed form, stay exact. */
export function preferredWithProbability(weighing: Weighing): {
  readonly chosen: SingleCandidate;
  readonly why: string;
} {
  const probable = weighing.fitting('closedForm', 'band') === undefined && weighing.fitting('probable', 'band');
  if (probable === undefined || probable === false) return cheapestExact(weighing, 'band');
  return { chosen: probable, why: 'a probability was asked for: enlarged estimates instead of rows that walk' };
}

/** Throws `BoundsRequestError` for a strategy of all bounds to certify other than the sketch that a probability means. */
export function refuseContradictions(requests: readonly BoundsRequest[]): void {
  for (const { purpose, bound, strategies } of requests) {
    if (purpose === 'train' || bound !== null || strategies.every(({ kind }) => kind === 'sketch')) continue;
    const what = strategies.map(printRequested).join(' and ');
    throw new BoundsRequestError(
      `--probability estimates every bound that has no closed form, and --bounds asks for ${what} everywhere: write LAYER=${what} for one bound, or train:${what}`,
    );
  }
}
