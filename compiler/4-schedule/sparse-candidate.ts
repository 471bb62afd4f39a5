/** How many rows of undecided neurons walk at once, and for how many of them it is cheaper that all rows walk. */
import type { Bound } from '../3-dual/dual.ts';
import type { Setting, SingleCandidate } from './candidate.ts';
import { expectedShare } from './expected-share.ts';
import type { WalkOfRows } from './plan.ts';

/**
 * The cheaper walk of all rows, and how many undecided ones cost as much: for more of them all walk. As many at a time as are expected, in one
 * turn, or as memory has room for. Undefined where no row walks.
 */
export function sparseCandidate(
  bound: Bound,
  { options, examples, costOf }: Pick<Setting, 'options' | 'examples' | 'costOf'>,
  { all, interval }: { readonly all: SingleCandidate; readonly interval: SingleCandidate | undefined },
): SingleCandidate | undefined {
  const { strategy: walkOfRows } = all;
  if (interval === undefined || (walkOfRows.kind !== 'backward' && walkOfRows.kind !== 'patches')) return undefined;
  const weighed = (size: number, atMost: number, rows: WalkOfRows): SingleCandidate => {
    const strategy = { kind: 'sparse', rows, size, atMost } as const;
    return { strategy, ...costOf(bound, strategy) };
  };
  const expected = Math.ceil(bound.rowCount * expectedShare);
  const none = weighed(expected, 0, walkOfRows).milliseconds;
  const whole = weighed(expected, expected, walkOfRows);
  const perRow = Math.max(Number.MIN_VALUE, (whole.milliseconds - none) / expected);
  // What all rows take beyond the centres and sizes, which a sparse bound has too.
  const walkOfAll = all.milliseconds - (none - interval.milliseconds);
  const atMost = clamp(Math.floor(walkOfAll / perRow), 1, bound.rowCount);
  const room = Math.max(options.memoryBytes / examples, all.bytesPerExample);
  const isTooLarge = (candidate: SingleCandidate): boolean => candidate.bytesPerExample > room;
  // More of them than are expected run in more turns: the price is the same.
  if (!isTooLarge(whole) && atMost >= expected)
    return { ...whole, strategy: { kind: 'sparse', rows: walkOfRows, size: expected, atMost } };
  // Beside the intervals fewer of all rows fit at once. When none do, fewer undecided ones may.
  for (let size = Math.min(expected, atMost); ; size = Math.floor(size / 2)) {
    for (let rows: WalkOfRows | null = walkOfRows; rows !== null; rows = fewer(rows)) {
      const candidate = weighed(size, atMost, rows);
      if (!isTooLarge(candidate)) return candidate;
    }
    if (size === 1) return weighed(size, atMost, walkOfRows);
  }
}

/** The next smaller number of rows at once that divides theirs; null when it is one already. */
function fewer(rows: WalkOfRows): WalkOfRows | null {
  const count = rows.kind === 'backward' ? rows.chunk : rows.positions;
  for (let factor = 2; factor <= count; factor++) {
    if (count % factor !== 0) continue;
    return rows.kind === 'backward' ? { ...rows, chunk: count / factor } : { ...rows, positions: count / factor };
  }
  return null;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
