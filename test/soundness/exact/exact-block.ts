/** A block of networks of one structure: a function of its seed and family, so that blocks can run anywhere, in any order. */
import { seededNumbers } from '../../support/program-inputs.ts';
import type { Mistake } from '../certificate.ts';
import type { Failure } from './check-claims.ts';
import { checkSubject, printFailures } from './check-subject.ts';
import { type Claimant, claimantsOf, mistakenClaimants } from './claims.ts';
import { climb } from './climb.ts';
import { drawStructure } from './draw-subject.ts';
import { addTallies, type ExactTally, emptyTally, tallyOf } from './exact-tally.ts';
import { minimised } from './minimise.ts';
import type { ExactEffort } from './observe.ts';
import { slackOf } from './slack.ts';
import type { ExactSubject } from './subject.ts';

export interface ExactBlock {
  readonly family: string;
  readonly seed: number;
  readonly networks: number;
  readonly effort: ExactEffort;
  /** Changes tried to make every eighth network worse. */
  readonly climbs: number;
}

/** A network about which something false is claimed. */
export interface Counterexample {
  readonly subject: ExactSubject;
  /** Worst first. */
  readonly failures: readonly Failure[];
  /** Of the schedules. */
  readonly seed: number;
}

export interface ExactBlockResult {
  readonly tally: ExactTally;
  /** The worst of the block. */
  readonly counterexample: Counterexample | null;
}

/** On the present backend. With a mistake, programs are emitted without the rest of a module. */
export async function checkExactBlock(block: ExactBlock, mistake?: Mistake): Promise<ExactBlockResult> {
  const { family, seed, networks, effort, climbs } = block;
  const structure = drawStructure(family, seededNumbers(seed));
  const claimants: Claimant[] =
    mistake === undefined
      ? await claimantsOf(structure.graph, seed)
      : mistakenClaimants(structure.graph, seed, mistake);
  let tally = emptyTally;
  let worst: Counterexample | null = null;
  for (let number = 0; number < networks; number++) {
    const own = (seed + Math.imul(number + 1, 0x9e3779b1)) | 0;
    const draw = seededNumbers(own);
    const drawn = structure.draw(draw);
    const isClimbed = climbs > 0 && number % 8 === 7;
    const subject = isClimbed ? climb(drawn, claimants[Math.floor(draw() * claimants.length)]!, climbs, draw) : drawn;
    const result = checkSubject(subject, claimants, effort, own);
    tally = addTallies(tally, tallyOf(result, slackOf(subject, result.observed, result.claims)));
    if (result.failures.length === 0) continue;
    const isRefuted = result.failures.some(failure => failure.isRefuted);
    if (worst === null || (isRefuted && !worst.failures[0]!.isRefuted))
      worst = {
        subject,
        failures: result.failures.toSorted((a, b) => Number(b.isRefuted) - Number(a.isRefuted)),
        seed,
      };
  }
  return { tally, counterexample: worst };
}

export const printCounterexample = ({ subject, failures }: Counterexample): string => printFailures(subject, failures);

/** With the network made as small and simple as `most` tries get it while the worst claimant still fails the same way. */
export async function smallestCounterexample(
  { subject, failures, seed }: Counterexample,
  effort: ExactEffort,
  most: number,
): Promise<Counterexample> {
  return { seed, ...(await minimised(subject, failures[0]!, { seed, effort, most })) };
}
