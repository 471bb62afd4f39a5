/**
 * The oracle can fail: it sees every kind of rounding term whose loss can show. Terms are found by the role that the lowering gives
 * them, so a new kind is asked for here without a line being written.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDual } from '../../../compiler/3-dual/build-dual.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import { useBackend } from '../../support/run-on-backend.ts';
import { planFor } from '../certificate.ts';
import { plansOf } from '../plan-requests.ts';
import { drawStructure, families } from './draw-subject.ts';
import { instructionsOf, withoutTerms } from './dropped-terms.ts';
import { checkExactBlock } from './exact-block.ts';

const isRounding = (role: string): boolean => role.includes('rounding');
const effort = { points: 4, steps: 2, neurons: 1, pieces: 20, rounded: 3 };
const seed = 7;

/** Roles of rounding terms in any schedule of any family. */
const roles = new Set(
  families.flatMap(family => {
    const { graph } = drawStructure(family, seededNumbers(seed));
    const programs = plansOf(buildDual(graph), seed).map(
      request => planFor({ graph, batch: 1 }, request, { arithmetic: 'float32' }).lowered,
    );
    return programs.flatMap(({ body }) =>
      instructionsOf(body)
        .map(({ origin }) => origin.role)
        .filter(isRounding),
    );
  }),
);

const failsIn = async (family: string, isDropped: (role: string) => boolean): Promise<boolean> => {
  const mistake = withoutTerms(({ origin }) => isDropped(origin.role));
  const { tally } = await checkExactBlock({ family, seed, networks: 10, effort, climbs: 10 }, mistake);
  return tally.failed > 0;
};

describe('rounding terms', () => {
  beforeAll(() => useBackend('wasm'));

  it('are there', () => {
    expect([...roles]).not.toEqual([]);
  });

  it('are missed when all of them are gone', async () => {
    for (const family of ['linear', 'tiny', 'convolutions']) {
      expect(await failsIn(family, () => false)).toBe(false);
      expect(await failsIn(family, isRounding)).toBe(true);
    }
  });

  for (const role of roles)
    it(`are missed: ${role}`, async () => {
      let isSeen = false;
      for (const family of families) isSeen ||= await failsIn(family, own => own === role);
      expect(isSeen).toBe(true);
    });
});
