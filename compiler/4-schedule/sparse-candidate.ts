/** How many rows of undecided neurons walk at once, and for how many of them it is cheaper that all rows walk. */
import type { Bound } from '../3-dual/dual.ts';
import type { Setting, SingleCandidate } from './candidate.ts';

/**
 * The cheaper walk of all rows, and how many undecided ones cost as much: for more of them all walk. As many rows at a time as take as long as a
 * turn takes to start. Undefined where no row walks.
 */
export function sparseCandidate(
  bound: Bound,
  { options, examples, costOf }: Pick<Setting, 'options' | 'examples' | 'costOf'>,
  { all, interval }: { readonly all: SingleCandidate; readonly interval: SingleCandidate | undefined },
): SingleCandidate | undefined {
  const { strategy: rows } = all;
  if (interval === undefined || (rows.kind !== 'backward' && rows.kind !== 'patches')) return undefined;
  const weighed = (size: number, atMost: number): SingleCandidate => {
    const strategy = { kind: 'sparse', rows, size, atMost } as const;
    return { strategy, ...costOf(bound, strategy) };
  };
  const oneRow = weighed(1, 1).milliseconds;
  const most = Math.ceil(bound.rowCount / fewestTurns);
  const perRow = Math.max(Number.MIN_VALUE, (weighed(most, most).milliseconds - oneRow) / Math.max(1, most - 1));
  const none = weighed(1, 0).milliseconds;
  const toStart = Math.max(0, oneRow - none - perRow);
  // What all rows take beyond the centres and sizes, which a sparse bound has too.
  const walkOfAll = all.milliseconds - (none - interval.milliseconds);
  let size = clamp(Math.round(toStart / perRow), Math.min(fewestRows, most), most);
  const room = Math.max(options.memoryBytes / examples, all.bytesPerExample);
  while (size > 1 && weighed(size, size).bytesPerExample > room) size = Math.floor(size / 2);
  const turns = Math.floor(walkOfAll / (toStart + size * perRow));
  return weighed(size, Math.min(bound.rowCount, Math.max(1, turns) * size));
}

/** Of a turn: what it reads back and prepares is not in the rates of its operations. */
const fewestRows = 4;

/** Turns that take all rows, at least: the fewer there are, the more rows walk only to fill up the last one. */
const fewestTurns = 16;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
