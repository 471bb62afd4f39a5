/** One subject held against everything that certificates say of it. */
import { seededNumbers } from '../../support/program-inputs.ts';
import { checkClaims, type Failure, isProof, printFailure } from './check-claims.ts';
import type { Claimant, Claims } from './claims.ts';
import { type ExactEffort, type Observed, observe } from './observe.ts';
import { type ExactSubject, printSubject } from './subject.ts';

export interface SubjectResult {
  /** The worst failure of each claimant that fails. */
  readonly failures: readonly Failure[];
  readonly claims: readonly Claims[];
  readonly observed: Observed;
  readonly comparisons: number;
  /** Claimants that certify the example. */
  readonly certified: number;
}

export function checkSubject(
  subject: ExactSubject,
  claimants: readonly Claimant[],
  effort: ExactEffort,
  seed: number,
): SubjectResult {
  const forward = claimants.find(claimant => claimant.forward !== null)?.forward;
  const forwards = forward == null ? [] : [(points: readonly Float32Array[]) => forward(subject, points)];
  const observed = observe(subject, effort, seededNumbers(seed), forwards);
  const claims = claimants.map(claimant => claimant.claim(subject));
  const checked = claims.map(own => checkClaims(subject, observed, own));
  const isCertified = ({ margins }: Claims): boolean =>
    Array.from(margins, (margin, entry) => entry === subject.label || isProof(margin)).every(Boolean);
  return {
    failures: checked.flatMap(({ failures }) => failures.slice(0, 1)),
    claims,
    observed,
    comparisons: checked.reduce((total, own) => total + own.comparisons, 0),
    certified: claims.filter(isCertified).length,
  };
}

export const printFailures = (subject: ExactSubject, failures: readonly Failure[]): string =>
  `${failures.map(printFailure).join('\n')}\n${printSubject(subject)}`;
