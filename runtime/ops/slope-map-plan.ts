/** By which convolutions `slope-map-norms.ts` computes the entries of rows. Known from shapes and the backend alone. */
import * as tf from '@tensorflow/tfjs-core';
import type { FourPads, Pair } from './conv2d.ts';
import type { TransposedGeometry } from './norm-blocks.ts';
import { chooseGroups, type EntryGroup, perConvolution } from './slope-map-groups.ts';

/** Where the windows of positions lie on the slopes and on the weights: that of `(i, j)` begins at `(i, j) · strides + offset`. */
export interface PositionWindows {
  readonly grid: Pair;
  readonly slopeStrides: Pair;
  readonly slopeOffset: Pair;
  readonly weightStrides: Pair;
  readonly weightOffset: Pair;
}

/** Beside the windows how the kernel lies on those of the slopes. */
export type SlopeMapGeometry = TransposedGeometry & PositionWindows;

/** Rows and columns of a window of weights that are computed together. */
export interface Group {
  readonly row: EntryGroup;
  readonly column: EntryGroup;
  /** Around the slopes, for a result of the size of the grid. */
  readonly padding: FourPads;
}

export interface SlopeMapPlan {
  /** Without those whose every window lies on padding. */
  readonly groups: readonly Group[];
  /** For each entry and channel, in the order in which they are computed, its place in a window of weights. */
  readonly places: readonly number[];
  /** Of its groups, among those for the same shapes. */
  readonly name: string;
}

/** A program asks for the same few again and again. */
const plans = new Map<string, SlopeMapPlan>();

export function planFor(
  dual: tf.Tensor,
  slopes: tf.Tensor,
  kernel: tf.Tensor,
  geometry: SlopeMapGeometry,
): SlopeMapPlan {
  const onWasm = tf.getBackend() === 'wasm';
  const key = JSON.stringify([onWasm, dual.shape, slopes.shape, kernel.shape, geometry]);
  const plan = plans.get(key) ?? makePlan(dual, slopes, kernel, geometry, onWasm);
  plans.set(key, plan);
  return plan;
}

function makePlan(
  dual: tf.Tensor,
  slopes: tf.Tensor,
  kernel: tf.Tensor,
  geometry: SlopeMapGeometry,
  onWasm: boolean,
): SlopeMapPlan {
  const [rows, high, wide, filters] = dual.shape as [number, number, number, number];
  const [kernelHeight, kernelWidth, channels] = kernel.shape as [number, number, number, number];
  const { grid, inputSize } = geometry;
  const [n, height, width] = slopes.shape as [number, number, number];
  const [down, across] = chooseGroups(geometry, [kernelHeight, kernelWidth], [high, wide], {
    perConvolution: onWasm ? perConvolution.wasm : perConvolution.other,
    perPair: n * grid[0] * grid[1] * filters * channels * rows,
  });
  const groups = down
    .flatMap(row => across.map((column): Group => ({ row, column, padding: paddingOf(row, column, geometry, slopes) })))
    .filter(({ padding: [top, bottom, left, right] }) => reads(top, bottom, height) && reads(left, right, width));
  return {
    groups,
    places: groups.flatMap(group => placesOf(group, inputSize, channels)),
    name: `products by ${down.length} x ${across.length} for ${JSON.stringify(geometry)}`,
  };
}

const reads = (before: number, after: number, size: number): boolean =>
  Math.max(0, -before) + Math.max(0, -after) < size;

function paddingOf(row: EntryGroup, column: EntryGroup, geometry: SlopeMapGeometry, slopes: tf.Tensor): FourPads {
  const along = (axis: 0 | 1, { offsets: { first, last } }: EntryGroup): [number, number] => {
    const [stride, offset] = [geometry.slopeStrides[axis], geometry.slopeOffset[axis]];
    return [-(offset + first), (geometry.grid[axis] - 1) * stride + offset + last + 1 - slopes.shape[axis + 1]!];
  };
  return [...along(0, row), ...along(1, column)];
}

const placesOf = ({ row, column }: Group, [, width]: Pair, channels: number): number[] =>
  row.entries.flatMap(i =>
    column.entries.flatMap(j => Array.from({ length: channels }, (_, channel) => (i * width + j) * channels + channel)),
  );
