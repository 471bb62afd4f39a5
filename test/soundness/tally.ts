/** What a soundness run has looked at, in numbers that add up: of one network, of a block of them, of all. */
import type { RandomNetwork } from '../support/random-network.ts';
import type { Findings } from './check-network.ts';
import { ballName } from './coverage.ts';

export type Counts = Readonly<Record<string, number>>;

export interface Tally {
  readonly networks: number;
  readonly examples: number;
  /** Layers by kind. */
  readonly layers: Counts;
  /** Networks by ball. */
  readonly balls: Counts;
  /** Computed bounds of whole layers, over all schedules, by strategy. */
  readonly strategies: Counts;
  /** The same by the kinds of layers they were computed through; see `coverage.ts`. */
  readonly coverage: Counts;
  readonly points: number;
  readonly comparisons: number;
  readonly bounds: number;
  readonly worstExcess: number;
  readonly worstDifference: number;
}

export const emptyTally: Tally = {
  networks: 0,
  examples: 0,
  layers: {},
  balls: {},
  strategies: {},
  coverage: {},
  points: 0,
  comparisons: 0,
  bounds: 0,
  worstExcess: 0,
  worstDifference: 0,
};

export function tallyOf({ graph, batch }: RandomNetwork, findings: Findings): Tally {
  const layers: Record<string, number> = {};
  for (const { kind } of graph.layers) layers[kind] = (layers[kind] ?? 0) + 1;
  return { networks: 1, examples: batch, layers, balls: { [ballName(graph.ball)]: 1 }, ...findings };
}

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    networks: a.networks + b.networks,
    examples: a.examples + b.examples,
    layers: addCounts(a.layers, b.layers),
    balls: addCounts(a.balls, b.balls),
    strategies: addCounts(a.strategies, b.strategies),
    coverage: addCounts(a.coverage, b.coverage),
    points: a.points + b.points,
    comparisons: a.comparisons + b.comparisons,
    bounds: a.bounds + b.bounds,
    worstExcess: Math.max(a.worstExcess, b.worstExcess),
    worstDifference: Math.max(a.worstDifference, b.worstDifference),
  };
}

function addCounts(a: Counts, b: Counts): Counts {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(names.map(name => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}
