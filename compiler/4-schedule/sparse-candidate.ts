/** How many rows of undecided neurons walk at once, and for how many of them it is cheaper that all rows walk. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { candidateOf, type Setting, type SingleCandidate } from './candidate.ts';
import { chunkRows } from './chunk-rows.ts';
import type { WalkOfRows } from './plan.ts';
import { positionsOf } from './positions.ts';

/**
 * The cheaper walk of all rows, and how many undecided ones cost as much: for more of them all walk. As many rows at a time as take as long as a
 * turn takes to start. Undefined where no row walks.
 */
export function sparseCandidate(
  bound: Bound,
  { dual, options, examples, costOf }: Setting,
  { all, interval }: { readonly all: SingleCandidate; readonly interval: SingleCandidate | undefined },
): SingleCandidate | undefined {
  const { strategy: walkOfRows } = all;
  if (interval === undefined || (walkOfRows.kind !== 'backward' && walkOfRows.kind !== 'patches')) return undefined;
  const weighed = (size: number, atMost: number, walk: WalkOfRows = walkOfRows): SingleCandidate => {
    const strategy = { kind: 'sparse', rows: walk, size, atMost } as const;
    return candidateOf(strategy, costOf(bound, strategy));
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
  const atMost = (): number => {
    const turns = Math.floor(walkOfAll / (toStart + size * perRow));
    return Math.min(bound.rowCount, Math.max(1, turns) * size);
  };
  const together = rowsTogether(walkOfRows, bound, dual);
  // Beside the intervals fewer of all rows fit at once. When none do, fewer undecided ones may.
  for (; ; size = Math.floor(size / 2)) {
    const { weighed: fewer } = chunkRows(together, room, count => {
      const candidate = weighed(size, atMost(), together.walk(count));
      return { candidate, bytes: candidate.bytesPerExample };
    });
    if (fewer.bytes <= room) return fewer.candidate;
    if (size === 1) return weighed(size, atMost());
  }
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

/** Of a turn: what it reads back and prepares is not in the rates of its operations. */
const fewestRows = 4;

/** Turns that take all rows, at least: the fewer there are, the more rows walk only to fill up the last one. */
const fewestTurns = 16;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
