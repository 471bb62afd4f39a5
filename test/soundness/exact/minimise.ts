/** A failing network made smaller and simpler for as long as it fails in the same way. */
import { checkGraph } from '../../../compiler/2-graph/check-graph.ts';
import { printGraph } from '../../../compiler/2-graph/print-graph.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import { checkClaims, type Failure } from './check-claims.ts';
import { type Claimant, claimantNamed } from './claims.ts';
import { type ExactEffort, observe } from './observe.ts';
import { simplerNumbers } from './simpler-numbers.ts';
import { smallerStructures } from './smaller-structures.ts';
import type { ExactSubject } from './subject.ts';

export interface Minimised {
  readonly subject: ExactSubject;
  readonly failures: readonly Failure[];
}

export interface Minimising {
  /** Of the schedules. */
  readonly seed: number;
  readonly effort: ExactEffort;
  /** Networks that are tried, at most. */
  readonly most: number;
}

export async function minimised(
  start: ExactSubject,
  failure: Failure,
  { seed, effort, most }: Minimising,
): Promise<Minimised> {
  const compiled = new Map<string, Claimant | null>();
  const claimantFor = async ({ graph }: ExactSubject): Promise<Claimant | null> => {
    const text = printGraph(graph);
    if (!compiled.has(text)) compiled.set(text, await claimantNamed(graph, seed, failure.claims));
    return compiled.get(text)!;
  };
  /** Those of the same kind; an excess that is a thousand times smaller is another failure. */
  const failuresOf = async (subject: ExactSubject): Promise<readonly Failure[]> => {
    const claimant = await claimantFor(subject);
    if (claimant === null) return [];
    const observed = observe(subject, effort, seededNumbers(seed));
    return checkClaims(subject, observed, claimant.claim(subject)).failures.filter(
      own =>
        own.kind === failure.kind &&
        own.network === failure.network &&
        (own.isRefuted || !failure.isRefuted) &&
        own.excess >= Math.min(failure.excess, Number.MAX_VALUE) / 1000,
    );
  };
  let best: Minimised = { subject: start, failures: await failuresOf(start) };
  if (best.failures.length === 0) return { subject: start, failures: [failure] };
  let tried = 0;
  const tryAll = async (candidates: Iterable<ExactSubject>): Promise<boolean> => {
    for (const subject of candidates) {
      if (tried++ >= most) return false;
      const failures = isValid(subject) ? await failuresOf(subject) : [];
      if (failures.length === 0) continue;
      best = { subject, failures };
      return true;
    }
    return false;
  };
  while (await tryAll(smallerStructures(best.subject)));
  while (await tryAll(simplerNumbers(best.subject)));
  return best;
}

/** Candidates may have lost an operand's shape, or moved the example out of the box. */
function isValid({ graph, x }: ExactSubject): boolean {
  try {
    checkGraph(graph);
  } catch {
    return false;
  }
  const { ball } = graph;
  const box = ball.norm === 'linf' ? ball.box : null;
  return box === null || x.every(entry => entry >= box[0] && entry <= box[1]);
}
