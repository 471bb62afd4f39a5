/**
 * No point of the ball leaves a bound: random networks of every kind of layer, under every deterministic schedule. A counterexample
 * is made small and printed. `npm run soundness` does the same with many more networks; docs/soundness.md says what is checked.
 */
import { describe, expect, it } from 'vitest';
import type { StrategyKind } from '../../compiler/4-schedule/plan.ts';
import { checkBlock } from './check-block.ts';
import { allCells, gapsIn, whyImpossible } from './coverage.ts';
import type { Tally } from './tally.ts';

/** How many of each have to occur, so that a generator that forgets some is noticed. Sketches are estimates: none may certify. */
const leastStrategies: { readonly [Kind in StrategyKind]: number | null } = {
  closedForm: 200,
  backward: 500,
  patches: 40,
  sparse: 200,
  interval: 200,
  sketch: null,
  perLayerSketch: null,
  // Holds with a probability: see tail-bounds-hold.test.ts.
  probable: null,
};
const leastInChunks = {
  'backward in chunks': 200,
  'patches in chunks': 40,
  'sparse backward': 100,
  'sparse patches': 20,
};
const leastBalls = { l2: 40, linf: 20, 'linf in a box': 40 };

describe('bounds of random networks', () => {
  let tally: Tally | undefined;

  it('hold at every sampled and attacked point of the ball, and exact schedules agree', () => {
    const result = checkBlock({ seed: 20, networks: 180, effort: { samples: 16, neurons: 4, steps: 3 } });
    expect(result.failure).toBeNull();
    tally = result.tally;
  }, 400_000);

  it('speak of networks of every kind', () => {
    const { balls, strategies } = tally!;
    const tooFew = (
      counts: Readonly<Record<string, number>>,
      least: Readonly<Record<string, number | null>>,
    ): string[] => Object.keys(least).filter(name => (counts[name] ?? 0) < (least[name] ?? 0));
    expect(tooFew(balls, leastBalls), JSON.stringify(balls)).toEqual([]);
    expect(tooFew(strategies, { ...leastStrategies, ...leastInChunks }), JSON.stringify(strategies)).toEqual([]);
    for (const kind of ['sketch', 'perLayerSketch', 'probable']) expect(Object.keys(strategies)).not.toContain(kind);
    expect(tally!.examples).toBeGreaterThan(tally!.networks);
  });

  it('are computed through every kind of layer in every way, with every ball', () => {
    expect(gapsIn(tally!.coverage)).toEqual({ empty: [], unexpected: [] });
    expect(allCells().filter(cell => whyImpossible(cell) === null).length).toBeGreaterThan(180);
  });
});
