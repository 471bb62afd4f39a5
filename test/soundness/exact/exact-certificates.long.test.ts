/**
 * No certificate is above exact arithmetic: networks built to break rounding, of every family, as modules in float32 on wasm and
 * interpreted in float64, under every schedule. `npm run soundness:exact` does the same with many more.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../../support/run-on-backend.ts';
import { families } from './draw-subject.ts';
import { checkExactBlock, printCounterexample, smallestCounterexample } from './exact-block.ts';
import { addTallies, type ExactTally, emptyTally } from './exact-tally.ts';

const effort = { points: 6, steps: 2, neurons: 1, pieces: 30, rounded: 3 };
const networks = 8;

describe('certificates of networks that are built to break rounding', () => {
  let tally: ExactTally = emptyTally;
  beforeAll(() => useBackend('wasm'));

  for (const [number, family] of families.entries())
    it(`are not above exact arithmetic: ${family}`, async () => {
      const block = { family, seed: 100 + number, networks, effort, climbs: 6 };
      const result = await checkExactBlock(block);
      tally = addTallies(tally, result.tally);
      if (result.counterexample === null) return;
      const smallest = await smallestCounterexample(result.counterexample, effort, 100);
      expect.fail(
        `${result.tally.failed} of ${networks} networks fail. One of them:\n${printCounterexample(smallest)}`,
      );
    });

  // A bound that claims nothing is never wrong: what was checked has to be worth something.
  it('are many, and near the truth', () => {
    expect(tally.networks).toBe(families.length * networks);
    expect(tally.certified).toBeGreaterThan(tally.networks / 3);
    expect(tally.close).toBeGreaterThan(tally.networks / 4);
  });
});
