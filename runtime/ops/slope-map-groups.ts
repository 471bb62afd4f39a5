/**
 * Which entries of a row's window are computed by one convolution of the slopes. Entries that read the same offsets of the slopes cost no product too
 * many, entries that do not are products with 0; a convolution has its own cost. What takes the least is chosen, for as many examples as
 * there are.
 */
import type { TransposedGeometry } from './norm-blocks.ts';
import { type Offsets, type Phase, phasesOf, range } from './phases.ts';

/** Neighbouring rows (or columns) of a window. */
export interface EntryGroup {
  /** The rows. */
  readonly entries: readonly number[];
  /** Rows of the window of slopes that some of them read, from the first to the last. */
  readonly offsets: Offsets;
  /** For each of these the kernel's row by which each of the entries reads it, null where it does not. */
  readonly taps: readonly (readonly (number | null)[])[];
}

/** What a convolution costs beside its multiply-adds, in these. */
export interface GroupCosts {
  readonly perConvolution: number;
  /** For a pair of an entry and an offset that it may read. */
  readonly perPair: number;
}

/** What a convolution takes beside its multiply-adds, as many of them; on wasm, and where others compute them. */
export const perConvolution = { wasm: 600_000, other: 30_000_000 } as const;

/** `[rows, columns]` of groups, in order; entries that read nothing are in none. `kernel` and `size` are sizes of the kernel and the window of slopes. */
export function chooseGroups(
  geometry: TransposedGeometry,
  kernel: readonly [number, number],
  size: readonly [number, number],
  { perConvolution, perPair }: GroupCosts,
): [EntryGroup[], EntryGroup[]] {
  const [downs, acrosses] = ([0, 1] as const).map(axis =>
    groupings(axisOf(geometry, axis), kernel[axis], size[axis]),
  ) as [EntryGroup[][], EntryGroup[][]];
  let best: [EntryGroup[], EntryGroup[]] = [[], []];
  let least = Number.POSITIVE_INFINITY;
  for (const down of downs)
    for (const across of acrosses) {
      const cost = perConvolution * down.length * across.length + perPair * pairsOf(down) * pairsOf(across);
      if (cost < least) [best, least] = [[down, across], cost];
    }
  return best;
}

const pairsOf = (groups: readonly EntryGroup[]): number =>
  groups.reduce((sum, { entries, taps }) => sum + entries.length * taps.length, 0);

interface Axis {
  readonly entries: number;
  readonly stride: number;
  readonly before: number;
}

const axisOf = ({ inputSize, strides, padding: [top, , left] }: TransposedGeometry, axis: 0 | 1): Axis => ({
  entries: inputSize[axis],
  stride: strides[axis],
  before: axis === 0 ? top : left,
});

/** From a group for each set of offsets to one for all, the neighbours joined first that have the fewest pairs together. */
function groupings({ entries, stride, before }: Axis, kernelSize: number, size: number): EntryGroup[][] {
  const { phases } = phasesOf(entries, kernelSize, stride, before, entries);
  const spans = phases.map(({ first, last }) => ({ first: Math.max(0, first), last: Math.min(size - 1, last) }));
  const used = range(0, entries - 1).filter(entry => spans[entry]!.first <= spans[entry]!.last);
  let runs: number[][] = [];
  for (const entry of used) {
    const last = runs.at(-1)?.at(-1);
    const isAlike =
      last === entry - 1 && spans[last]!.first === spans[entry]!.first && spans[last]!.last === spans[entry]!.last;
    if (isAlike) runs.at(-1)!.push(entry);
    else runs.push([entry]);
  }
  const found = [runs];
  while (runs.length > 1) {
    const pairs = (index: number): number =>
      groupOf([...runs[index]!, ...runs[index + 1]!], spans, phases).taps.length *
      (runs[index]!.length + runs[index + 1]!.length);
    const more = (index: number): number =>
      pairs(index) - pairsOf([runs[index]!, runs[index + 1]!].map(run => groupOf(run, spans, phases)));
    const at = range(0, runs.length - 2).reduce((best, index) => (more(index) < more(best) ? index : best), 0);
    runs = [...runs.slice(0, at), [...runs[at]!, ...runs[at + 1]!], ...runs.slice(at + 2)];
    found.push(runs);
  }
  return found.map(all => all.map(run => groupOf(run, spans, phases)));
}

function groupOf(entries: readonly number[], spans: readonly Offsets[], phases: readonly Phase[]): EntryGroup {
  const first = Math.min(...entries.map(entry => spans[entry]!.first));
  const last = Math.max(...entries.map(entry => spans[entry]!.last));
  const tapAt =
    (offset: number) =>
    (entry: number): number | null =>
      phases[entry]!.tap(offset);
  return { entries, offsets: { first, last }, taps: range(first, last).map(offset => entries.map(tapAt(offset))) };
}
