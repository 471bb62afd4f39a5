/**
 * No point of the ball leaves a bound: random networks of every kind of layer, under every deterministic schedule. A counterexample
 * is made small and printed. `npm run soundness` does the same with many more networks; docs/soundness.md says what is checked.
 */
import { describe, expect, it } from 'vitest';
import type { LayerKind } from '../../compiler/2-graph/layer.ts';
import type { StrategyKind } from '../../compiler/4-schedule/plan.ts';
import { checkBlock } from './check-block.ts';
import type { Tally } from './tally.ts';

/** How many of each have to occur, so that a generator that forgets some is noticed. Sketches are estimates: none may certify. */
const leastLayers: Readonly<Record<LayerKind, number>> = {
  input: 250,
  conv2d: 100,
  dense: 250,
  relu: 250,
  flatten: 100,
  reshape: 50,
  add: 100,
  normalize: 20,
  averagePool2d: 0,
  concat: 0,
  leakyRelu: 0,
};
const leastStrategies: Readonly<Record<Exclude<StrategyKind, 'sketch'>, number>> = {
  closedForm: 200,
  backward: 500,
  patches: 40,
  interval: 200,
};
const leastInChunks = { 'backward in chunks': 200, 'patches in chunks': 40 };
const leastBalls = { l2: 40, linf: 20, 'linf in a box': 40 };

describe('bounds of random networks', () => {
  let tally: Tally | undefined;

  it('hold at every sampled and attacked point of the ball, and exact schedules agree', () => {
    const result = checkBlock({ seed: 20, networks: 250, effort: { samples: 16, neurons: 4, steps: 3 } });
    expect(result.failure).toBeNull();
    tally = result.tally;
  }, 400_000);

  it('speak of networks of every kind', () => {
    const { layers, balls, strategies } = tally!;
    const tooFew = (counts: Readonly<Record<string, number>>, least: Readonly<Record<string, number>>): string[] =>
      Object.keys(least).filter(name => (counts[name] ?? 0) < least[name]!);
    expect(tooFew(layers, leastLayers), JSON.stringify(layers)).toEqual([]);
    expect(tooFew(balls, leastBalls), JSON.stringify(balls)).toEqual([]);
    expect(tooFew(strategies, { ...leastStrategies, ...leastInChunks }), JSON.stringify(strategies)).toEqual([]);
    expect(Object.keys(strategies)).not.toContain('sketch');
    expect(tally!.examples).toBeGreaterThan(tally!.networks);
  });
});
