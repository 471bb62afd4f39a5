/**
 * The oracle can fail: it sees when certificates leave out their rounding terms, all of them or one sort. What it does not see is
 * one term alone where another has room enough for both.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { seededNumbers } from '../../support/program-inputs.ts';
import { useBackend } from '../../support/run-on-backend.ts';
import { planFor } from '../certificate.ts';
import { requestsFor } from './claims.ts';
import { drawStructure } from './draw-subject.ts';
import { termNames, withoutTerms } from './dropped-terms.ts';
import { checkExactBlock } from './exact-block.ts';

const effort = { points: 4, steps: 2, neurons: 4, pieces: 20, rounded: 3 };

interface Dropped {
  /** Names of terms, as `termNames` gives them. */
  readonly terms: RegExp;
  /** Where the loss shows. */
  readonly families: readonly string[];
  /** Of the block; default 7. */
  readonly seed?: number;
}

const mistakes: Readonly<Record<string, Dropped>> = {
  'all terms': { terms: /./, families: ['linear', 'tiny', 'convolutions', 'normalised inputs', 'a large centre'] },
  'shares of sizes': { terms: /^share/, families: ['linear', 'tiny', 'convolutions', 'ones that cancel'] },
  'factors above 1': { terms: /^factor/, families: ['scales'] },
  'what intervals add': { terms: /interval|bias|half width/, families: ['tiny', 'ones that cancel'] },
  underflow: { terms: /^underflow/, families: ['subnormal numbers'], seed: 11 },
  'what walks add': { terms: /^share: rounding/, families: ['linear', 'ones that cancel'] },
};

const failuresIn = async (family: string, terms: RegExp, seed = 7): Promise<number> => {
  const block = { family, seed, networks: 12, effort, climbs: 10 };
  return (
    await checkExactBlock(
      block,
      withoutTerms(name => terms.test(name)),
    )
  ).tally.failed;
};

describe('rounding terms that are left out', () => {
  beforeAll(() => useBackend('wasm'));

  for (const [name, { terms, families, seed }] of Object.entries(mistakes))
    for (const family of families)
      it(`are missed: ${name}, in networks of the family ${family}`, async () => {
        expect(await failuresIn(family, terms, seed)).toBeGreaterThan(0);
      });

  it('are the only thing that is wrong', async () => {
    expect(await failuresIn('tiny', /^$/)).toBe(0);
  });

  it('are found in every program of a certificate', () => {
    const { graph } = drawStructure('tiny', seededNumbers(7));
    for (const request of requestsFor(graph, 7))
      expect(termNames(planFor({ graph, batch: 1 }, request, { arithmetic: 'float32' }).lowered)).not.toEqual([]);
  });
});
