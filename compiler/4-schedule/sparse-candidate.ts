/** How many rows of undecided neurons walk at once, and for how many of them it is cheaper that all rows walk. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { expectedShare } from '../shared/expected-share.ts';
import { candidateOf, type Setting, type SingleCandidate } from './candidate.ts';
import { chunkRows } from './chunk-rows.ts';
import type { WalkOfRows } from './plan.ts';
import { positionsOf } from './positions.ts';

/**
 * The cheaper walk of all rows, and how many undecided ones cost as much: for more of them all walk. As many at a time as are expected, in one
 * turn, or as memory has room for. Undefined where no row walks.
 */
export function sparseCandidate(
  bound: Bound,
  { dual, options, examples, costOf }: Setting,
  { all, interval }: { readonly all: SingleCandidate; readonly interval: SingleCandidate | undefined },
): SingleCandidate | undefined {
  const { strategy: walkOfRows } = all;
  if (interval === undefined || (walkOfRows.kind !== 'backward' && walkOfRows.kind !== 'patches')) return undefined;
  const weighed = (size: number, atMost: number, rows: WalkOfRows): SingleCandidate => {
    const strategy = { kind: 'sparse', rows, size, atMost } as const;
    return candidateOf(strategy, costOf(bound, strategy));
  };
  const expected = Math.ceil(bound.rowCount * expectedShare);
  const none = weighed(expected, 0, walkOfRows).milliseconds;
  const perRow = Math.max(Number.MIN_VALUE, (weighed(expected, expected, walkOfRows).milliseconds - none) / expected);
  // What all rows take beyond the centres and sizes, which a sparse bound has too.
  const walkOfAll = all.milliseconds - (none - interval.milliseconds);
  const atMost = clamp(Math.floor(walkOfAll / perRow), 1, bound.rowCount);
  const room = Math.max(options.memoryBytes / examples, all.bytesPerExample);
  const together = rowsTogether(walkOfRows, bound, dual);
  // Beside the intervals fewer of all rows fit at once.
  const one = chunkRows(together, room, count => {
    const candidate = weighed(1, atMost, together.walk(count));
    return { candidate, bytes: candidate.bytesPerExample, rows: together.walk(count) };
  }).weighed;
  const most = Math.min(expected, atMost);
  if (most === 1 || one.bytes > room) return one.candidate;
  const largest = weighed(most, atMost, one.rows);
  if (largest.bytesPerExample <= room) return largest;
  // Memory grows along a straight line, or ever faster.
  const ofOne = (largest.bytesPerExample - one.bytes) / (most - 1);
  const fitting = weighed(clamp(Math.floor(1 + (room - one.bytes) / ofOne), 1, most), atMost, one.rows);
  return fitting.bytesPerExample <= room ? fitting : one.candidate;
}

/** How many walk at once, rows or positions, of how many. */
function rowsTogether(
  walk: WalkOfRows,
  bound: Bound,
  dual: DualNetwork,
): { readonly most: number; readonly rowCount: number; readonly walk: (count: number) => WalkOfRows } {
  switch (walk.kind) {
    case 'backward':
      return { most: walk.chunk, rowCount: bound.rowCount, walk: chunk => ({ ...walk, chunk }) };
    case 'patches':
      return { most: walk.positions, rowCount: positionsOf(bound, dual), walk: positions => ({ ...walk, positions }) };
  }
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
