/**
 * Whether the check of random networks finds a mistake. All mistakes are made in the same networks, which are planned once; where a mistake
 * leaves every program of a network as it is, there is nothing to find.
 */
import fc from 'fast-check';
import { buildDual } from '../../compiler/3-dual/build-dual.ts';
import { blockOf } from '../../compiler/5-program/operands.ts';
import type { Instr } from '../../compiler/5-program/tensor-program.ts';
import { type RandomNetwork, randomNetwork } from '../support/random-network.ts';
import type { Effort } from './attack-points.ts';
import { type Mistake, planFor } from './certificate.ts';
import { checkNetwork } from './check-network.ts';
import { plansOf } from './plan-requests.ts';

const effort: Effort = { samples: 20, neurons: 6, steps: 3 };

let networks: readonly RandomNetwork[] | null = null;
/** Those in which the check was seen to find nothing when there was no mistake. */
const right = new Set<RandomNetwork>();

/** What the check says of the first network in which it finds the mistake; null when it finds it in none. */
export function findMistake(mistake: Mistake): string | null {
  networks ??= fc.sample(randomNetwork, { seed: 3, numRuns: 200 });
  for (const network of networks) {
    if (!isMadeIn(network, mistake)) continue;
    try {
      checkNetwork(network, effort, mistake);
    } catch (cause) {
      // Throws where it would find something without the mistake too.
      if (!right.has(network)) checkNetwork(network, effort);
      right.add(network);
      return cause instanceof Error ? cause.message : String(cause);
    }
  }
  return null;
}

function isMadeIn(network: RandomNetwork, mistake: Mistake): boolean {
  if (mistake.inDual !== undefined) return true;
  const requests = plansOf(buildDual(network.graph), network.seed).flat();
  return requests.some(request => {
    const { lowered } = planFor(network, request);
    return mistake.inProgram !== undefined && !isSame(mistake.inProgram(lowered).body, lowered.body);
  });
}

/** Mistakes hand on what they leave alone. */
function isSame(one: readonly Instr[], other: readonly Instr[]): boolean {
  return (
    one.length === other.length &&
    one.every((instr, index) => {
      const before = other[index]!;
      const [block, blockBefore] = [blockOf(instr.op), blockOf(before.op)];
      if (block !== null && blockBefore !== null)
        return instr.out === before.out && isSame(block.body, blockBefore.body);
      return instr.op === before.op && instr.args === before.args && instr.out === before.out;
    })
  );
}
