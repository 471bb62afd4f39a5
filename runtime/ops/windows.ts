/** The windows of a map that single output positions depend on. */
import * as tf from '@tensorflow/tfjs-core';
import type { Pair } from './conv2d.ts';

/** The windows of a map that the positions of a later one depend on, `grid` of them: that of `(i, j)` begins at `(i, j) · strides + offset`. */
export interface WindowsOfMap {
  readonly grid: Pair;
  readonly strides: Pair;
  readonly offset: Pair;
  readonly size: Pair;
}

/**
 * `count` windows from position `first` of the grid on: each holds `size` rows and columns, and zeros where it
 * leaves the map. `[n, H, W, C] → [n·count, …size, C]`.
 */
export function windows(x: tf.Tensor, at: WindowsOfMap, first: number, count: number): tf.Tensor {
  return tf.tidy(() => {
    const { grid, strides, offset, size } = at;
    const { entries, width, before } = padded(x, at);
    const indices = new Int32Array(count * size[0] * size[1]);
    let target = 0;
    for (let position = first; position < first + count; position++) {
      const top = Math.floor(position / grid[1]) * strides[0] + offset[0] + before[0];
      const left = (position % grid[1]) * strides[1] + offset[1] + before[1];
      for (let i = 0; i < size[0]; i++)
        for (let j = 0; j < size[1]; j++) indices[target++] = (top + i) * width + left + j;
    }
    return gathered(entries, tf.tensor1d(indices, 'int32'), size);
  });
}

/**
 * The same for the positions that row indices belong to, `rowsPerWindow` to each, all those of one position together and in order.
 * A position of no row gets the first window. Nothing is read back from the backend.
 */
export function windowsAt(x: tf.Tensor, rows: tf.Tensor, at: WindowsOfMap, rowsPerWindow: number): tf.Tensor {
  return tf.tidy(() => {
    const { grid, strides, offset, size } = at;
    const { entries, width, before } = padded(x, at);
    const first = tf.slice(tf.reshape(tf.cast(rows, 'float32'), [-1, rowsPerWindow]), [0, 0], [-1, 1]);
    const position = tf.div(tf.maximum(first, 0), rowsPerWindow);
    // Halfway to the next whole number, so that no rounding of the quotient leads to another row.
    const row = tf.floor(tf.div(tf.add(position, 0.5), grid[1]));
    const column = tf.sub(position, tf.mul(row, grid[1]));
    const top = tf.add(tf.mul(row, strides[0]), offset[0] + before[0]);
    const left = tf.add(tf.mul(column, strides[1]), offset[1] + before[1]);
    const corner = tf.add(tf.mul(top, width), left);
    const inWindow = Float32Array.from({ length: size[0] * size[1] }, (_, entry) => {
      const i = Math.floor(entry / size[1]);
      return i * width + (entry % size[1]);
    });
    const indices = tf.add(corner, tf.tensor2d(inWindow, [1, inWindow.length]));
    return gathered(entries, tf.cast(tf.reshape(indices, [-1]), 'int32'), size);
  });
}

interface Padded {
  /** `[n, rows · columns, C]`. */
  readonly entries: tf.Tensor;
  readonly width: number;
  /** Rows and columns of zeros before the first ones of the map. */
  readonly before: Pair;
}

/** The map with zeros around, so far that no window of the grid leaves it. */
function padded(x: tf.Tensor, { grid, strides, offset, size }: WindowsOfMap): Padded {
  const [n, height, width, channels] = x.shape as [number, number, number, number];
  const before = offset.map(edge => Math.max(0, -edge)) as [number, number];
  const after = [0, 1].map(axis => {
    const last = (grid[axis]! - 1) * strides[axis]! + offset[axis]! + size[axis]!;
    return Math.max(0, last - (axis === 0 ? height : width));
  }) as [number, number];
  const whole = tf.pad(x, [
    [0, 0],
    [before[0], after[0]],
    [before[1], after[1]],
    [0, 0],
  ]);
  const paddedWidth = width + before[1] + after[1];
  const entries = tf.reshape(whole, [n, (height + before[0] + after[0]) * paddedWidth, channels]);
  return { entries, width: paddedWidth, before };
}

function gathered(entries: tf.Tensor, indices: tf.Tensor1D, size: Pair): tf.Tensor {
  const channels = entries.shape.at(-1)!;
  return tf.reshape(tf.gather(entries, indices, 1), [-1, ...size, channels]);
}
