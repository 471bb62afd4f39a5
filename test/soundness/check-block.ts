/** A block of random networks, checked one after the other: a function of its seed, so that blocks can run anywhere, in any order. */
import fc from 'fast-check';
import { type RandomNetwork, randomNetwork } from '../support/random-network.ts';
import type { Effort } from './attack-points.ts';
import type { Mistake } from './certificate.ts';
import { checkNetwork } from './check-network.ts';
import { addTallies, emptyTally, type Tally, tallyOf } from './tally.ts';

export interface Block {
  /** Of fast-check. */
  readonly seed: number;
  readonly networks: number;
  readonly effort: Effort;
}

export interface BlockResult {
  readonly tally: Tally;
  /** The smallest network found that fails, and what is wrong with it; null when all hold. */
  readonly failure: string | null;
}

export function checkBlock({ seed, networks, effort }: Block, mistake: Mistake = {}): BlockResult {
  let tally = emptyTally;
  const holds = fc.property(randomNetwork, (network: RandomNetwork) => {
    tally = addTallies(tally, tallyOf(network, checkNetwork(network, effort, mistake)));
  });
  const details = fc.check(holds, { seed, numRuns: networks });
  if (!details.failed) return { tally, failure: null };
  const { errorInstance } = details;
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return { tally, failure: `${why}\n${fc.defaultReportMessage(details)}` };
}
