/** How large the blocks are in which `transposed-conv2d-norms.ts` computes maps. Known from shapes alone. */
import type { LayerGeometry } from './conv2d.ts';
import { offsetsOf, type Phase, type Phases, phasesOf, range } from './phases.ts';

export type TransposedGeometry = Omit<LayerGeometry, 'kernelSize'>;

/** Filters are computed so many at a time, whether there are as many or not. */
const lanes = 8;
/** What it takes to write a number and to read it again for its norm, in multiply-adds. */
const perEntry = 20;

/**
 * The block that takes the least: of small ones taps are read again and again, of large ones most taps are 0. Null where it takes less to
 * lay the maps out, a convolution for each phase of the rows, since their channels fill the lanes.
 */
export function blockOf(kernel: KernelShape, geometry: TransposedGeometry): Blocks | null {
  const { inputSize, strides, padding } = geometry;
  const key = [kernel, inputSize, strides, padding].join();
  const known = chosen.get(key);
  if (known !== undefined) return known;
  const blocks = cheapestOf(kernel, geometry);
  chosen.set(key, blocks);
  return blocks;
}

/** Height, width, channels, filters. */
export type KernelShape = readonly [number, number, number, number];

/** A program asks for the same few again and again. */
const chosen = new Map<string, Blocks | null>();

function cheapestOf(
  [kernelHeight, kernelWidth, channels, filters]: KernelShape,
  { inputSize, strides, padding: [top, , left] }: TransposedGeometry,
): Blocks | null {
  const blocksOf = (axis: 0 | 1, kernelSize: number, before: number): Along[] => {
    const [size, stride] = [inputSize[axis], strides[axis]];
    return [...new Set([0, before % stride])].flatMap(shift =>
      range(1, Math.min(most, Math.ceil(size / stride))).map(count => ({
        shift,
        ...phasesOf(size + shift, kernelSize, stride, before - shift, count * stride),
      })),
    );
  };
  const [downs, acrosses] = [blocksOf(0, kernelHeight, top), blocksOf(1, kernelWidth, left)];
  const work = (taps: number, entries: number): number => taps * filters * lanes * Math.ceil(entries / lanes);
  const [rowPhases, columnPhases] = [downs[0]!, acrosses[0]!];
  const laidOut = rowPhases.phases.map(
    phase =>
      work(tapsOf([phase]) * tapsOf(columnPhases.phases), strides[1] * channels) + 2 * perEntry * strides[1] * channels,
  );
  let best: Pick<Blocks, 'down' | 'across'> | null = null;
  let least = rowPhases.length * columnPhases.length * laidOut.reduce((sum, own) => sum + own, 0);
  for (const down of downs)
    for (const across of acrosses) {
      const entries = down.phases.length * across.phases.length * channels;
      const each = work(tapsOf(down.phases) * tapsOf(across.phases), entries) + perEntry * entries;
      const total = down.length * across.length * each;
      if (total < least) [best, least] = [{ down, across }, total];
    }
  return best === null ? null : { ...best, taps: tapsIn(best, kernelHeight, kernelWidth) };
}

/** For each offset of an output and each pixel of a block the place of the kernel's entry, or the one behind the last where there is none. */
function tapsIn(
  { down, across }: Pick<Blocks, 'down' | 'across'>,
  kernelHeight: number,
  kernelWidth: number,
): number[] {
  const [rowOffsets, columnOffsets] = [down, across].map(({ phases }) => {
    const { first, last } = offsetsOf(phases);
    return range(first, last);
  }) as [number[], number[]];
  return rowOffsets.flatMap(rowOffset =>
    columnOffsets.flatMap(columnOffset =>
      down.phases.flatMap(row =>
        across.phases.map(column => {
          const [i, j] = [row.tap(rowOffset), column.tap(columnOffset)];
          return i === null || j === null ? kernelHeight * kernelWidth : i * kernelWidth + j;
        }),
      ),
    ),
  );
}

export interface Blocks {
  readonly down: Along;
  readonly across: Along;
  /** `[offsets down, offsets across, pixels of a block]`: places in the kernel. */
  readonly taps: readonly number[];
}

/** Blocks along an axis. The first begins so many rows before the map: where they begin as windows do, fewer of these reach into one. */
export interface Along extends Phases {
  readonly shift: number;
}

/** Larger blocks are of no use. */
const most = 8;

/** How many outputs reach into a block. */
export function tapsOf(phases: readonly Phase[]): number {
  const { first, last } = offsetsOf(phases);
  return Math.max(0, last - first + 1);
}

/** Rows to add before the first output and behind the last, so that there is a window for each block. Negative ones are taken away. */
export function reach({ phases, length }: Phases, step: number, size: number): [before: number, after: number] {
  const { first, last } = offsetsOf(phases);
  return [-first, last + step * (length - 1) + 1 - size];
}
