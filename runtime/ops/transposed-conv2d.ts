/**
 * The adjoint of a convolution for its input. `tf.conv2dTranspose` runs at 2 GFLOP/s on wasm, where `conv2d` runs at 20; so this is made of
 * stride-1 convolutions. Input rows `Y ≡ r (mod stride)` read the same rows of the kernel, every `stride`-th one, in reverse order:
 *
 *     x[Y] = Σ_a y[q − a] · kernel[p + stride·a],   Y + top = p + stride·q,   0 ≤ p < stride
 *
 * One convolution for each such phase of rows. The phases of the columns are further filters of it, so that they come out side by side
 * and few channels still fill the vector lanes; a `concat` then lays the rows between one another, in whole runs. Such filters hold zeros, where
 * phases read different columns: with many channels each phase of the columns has a convolution too, where they can be laid between one
 * another fast.
 */
import * as tf from '@tensorflow/tfjs-core';
import { croppedConv2d, type LayerGeometry } from './conv2d.ts';
import { derivedAll } from './derived.ts';
import { copiesHere } from './host-copies.ts';
import { interleavedMaps, type PartOfMap } from './interleaved-maps.ts';
import { type Offsets, offsetsOf, type Phase, type Phases, phasesOf, range } from './phases.ts';

/**
 * `(y [n, h, w, F], kernel [kh, kw, C, F]) → [n, H, W, C]`, where `inputSize = [H, W]` and the convolution with these strides
 * and this padding maps `[n, H, W, C]` to the shape of `y`.
 */
export function transposedConv2d(
  y: tf.Tensor,
  kernel: tf.Tensor,
  geometry: Omit<LayerGeometry, 'kernelSize'>,
): tf.Tensor {
  const { inputSize, strides, padding } = geometry;
  const [kernelHeight, kernelWidth, channels] = kernel.shape as [number, number, number, number];
  const rows = phasesOf(inputSize[0], kernelHeight, strides[0], padding[0]);
  const columns = phasesOf(inputSize[1], kernelWidth, strides[1], padding[2]);
  const sides: Sides = { rows, columns, ...geometry };
  const isApart = copiesHere() && multiplyAddsApart(sides, channels) < multiplyAddsTogether(sides, channels);
  return tf.tidy(() => (isApart ? columnsApart(y, kernel, sides) : columnsTogether(y, kernel, sides)));
}

interface Sides extends Omit<LayerGeometry, 'kernelSize'> {
  readonly rows: Phases;
  readonly columns: Phases;
}

/** Vector lanes of WebAssembly's kernels: as many filters as lanes take as long as one. */
const lanes = 8;
const paddedFilters = (count: number): number => lanes * Math.ceil(count / lanes);
const tapsOf = ({ phases }: Phases): number =>
  phases.reduce((sum, { first, last }) => sum + Math.max(0, last - first + 1), 0);

/** For a pixel of every phase and a filter of `y`. */
const multiplyAddsTogether = ({ rows, columns, strides }: Sides, channels: number): number => {
  const { first, last } = offsetsOf(columns.phases);
  return tapsOf(rows) * (last - first + 1) * paddedFilters(strides[1] * channels);
};

const multiplyAddsApart = ({ rows, columns }: Sides, channels: number): number =>
  tapsOf(rows) * tapsOf(columns) * paddedFilters(channels);

function columnsTogether(y: tf.Tensor, kernel: tf.Tensor, { rows, columns, inputSize, ...sliding }: Sides): tf.Tensor {
  const [n, h, w] = y.shape as [number, number, number, number];
  const channels = kernel.shape[2]!;
  const { strides } = sliding;
  const rowShape = [n * rows.length, columns.length * strides[1] * channels];
  const columnOffsets = offsetsOf(columns.phases);
  const kernels = derivedAll(kernel, keyOf({ inputSize, ...sliding }), () =>
    phaseKernels(kernel, rows.phases, columns.phases, columnOffsets),
  );
  const parts = rows.phases.map((phase, residue): tf.Tensor => {
    const phaseKernel = kernels[residue] ?? null;
    const padding = [...edges(offsetsOf([phase]), rows, h), ...edges(columnOffsets, columns, w)] as const;
    const part = phaseKernel && croppedConv2d(y, phaseKernel, { strides: [1, 1], padding });
    return part === null ? tf.zeros(rowShape) : tf.reshape(part, rowShape);
  });
  const width = columns.length * strides[1];
  const height = rows.length * strides[0];
  const whole = tf.reshape(parts.length === 1 ? parts[0]! : tf.concat(parts, 1), [n, height, width, channels]);
  const fits = height === inputSize[0] && width === inputSize[1];
  return fits ? whole : tf.slice(whole, [0, 0, 0, 0], [n, ...inputSize, channels]);
}

function columnsApart(y: tf.Tensor, kernel: tf.Tensor, { rows, columns, inputSize, ...sliding }: Sides): tf.Tensor {
  const [n, h, w] = y.shape as [number, number, number, number];
  const kernels = derivedAll(kernel, `${keyOf({ inputSize, ...sliding })} apart`, () =>
    columns.phases.flatMap(column =>
      column.first > column.last
        ? rows.phases.map(() => null)
        : phaseKernels(kernel, rows.phases, [column], offsetsOf([column])),
    ),
  );
  const parts = columns.phases.flatMap((column, right) =>
    rows.phases.flatMap((row, down): PartOfMap[] => {
      const phaseKernel = kernels[right * rows.phases.length + down] ?? null;
      if (phaseKernel === null) return [];
      const padding = [...edges(offsetsOf([row]), rows, h), ...edges(offsetsOf([column]), columns, w)] as const;
      const map = croppedConv2d(y, phaseKernel, { strides: [1, 1], padding });
      return map === null ? [] : [{ first: [down, right], map }];
    }),
  );
  return interleavedMaps(parts, sliding.strides, [n, ...inputSize, kernel.shape[2]!]);
}

const keyOf = ({ inputSize, strides, padding: [top, , left] }: Omit<LayerGeometry, 'kernelSize'>): string =>
  `phases ${JSON.stringify([inputSize, strides, top, left])}`;

/** Padding with which a convolution of `offsets` gives a row for each block: negative where it leaves rows of the operand unread. */
const edges = ({ first, last }: Offsets, { length }: Phases, size: number): [number, number] => [
  -first,
  last + length - size,
];

/** For each phase of rows its kernel `[taps, offsets, F, columnPhases · C]`, null when it has no tap. Their entries are gathered from `kernel`. */
function phaseKernels(
  kernel: tf.Tensor,
  rows: readonly Phase[],
  columns: readonly Phase[],
  columnOffsets: Offsets,
): (tf.Tensor | null)[] {
  const [kernelHeight, kernelWidth, channels, filters] = kernel.shape as [number, number, number, number];
  const nothing = kernelHeight * kernelWidth;
  const width = columnOffsets.last - columnOffsets.first + 1;
  const indices = rows.flatMap(row =>
    range(row.first, row.last).flatMap(rowOffset =>
      range(columnOffsets.first, columnOffsets.last).flatMap(columnOffset =>
        columns.map(column => {
          const [i, j] = [row.tap(rowOffset), column.tap(columnOffset)];
          return i === null || j === null ? nothing : i * kernelWidth + j;
        }),
      ),
    ),
  );
  const entries = tf.pad(tf.reshape(kernel, [nothing, channels * filters]), [
    [0, 1],
    [0, 0],
  ]);
  const taps = indices.length / columns.length;
  const gathered = tf.reshape(tf.gather(entries, tf.tensor1d(indices, 'int32')), [
    taps,
    columns.length * channels,
    filters,
  ]);
  const turned = tf.transpose(gathered, [0, 2, 1]);
  let start = 0;
  return rows.map(row => {
    const count = Math.max(0, row.last - row.first + 1);
    if (count === 0) return null;
    const own = tf.slice(turned, [start, 0, 0], [count * width, filters, columns.length * channels]);
    start += count * width;
    return tf.reshape(own, [count, width, filters, columns.length * channels]);
  });
}
