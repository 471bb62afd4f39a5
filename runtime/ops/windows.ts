/** The windows of a map that single output positions depend on. */
import * as tf from '@tensorflow/tfjs-core';
import type { Pair } from './conv2d.ts';

/**
 * `count` windows from position `first` of the grid on: window `(i, j)` holds `size` rows and columns from
 * `(i, j) · strides + offset` on, and zeros where it leaves the map. `[n, H, W, C] → [n·count, …size, C]`.
 */
export function windows(
  x: tf.Tensor,
  grid: Pair,
  strides: Pair,
  offset: Pair,
  size: Pair,
  first: number,
  count: number,
): tf.Tensor {
  return tf.tidy(() => {
    const [n, height, width, channels] = x.shape as [number, number, number, number];
    const before = offset.map(edge => Math.max(0, -edge)) as [number, number];
    const after = [0, 1].map(axis => {
      const last = (grid[axis]! - 1) * strides[axis]! + offset[axis]! + size[axis]!;
      return Math.max(0, last - (axis === 0 ? height : width));
    }) as [number, number];
    const padded = tf.pad(x, [
      [0, 0],
      [before[0], after[0]],
      [before[1], after[1]],
      [0, 0],
    ]);
    const paddedWidth = width + before[1] + after[1];
    const entries = tf.reshape(padded, [n, (height + before[0] + after[0]) * paddedWidth, channels]);
    const indices = new Int32Array(count * size[0] * size[1]);
    let target = 0;
    for (let position = first; position < first + count; position++) {
      const top = Math.floor(position / grid[1]) * strides[0] + offset[0] + before[0];
      const left = (position % grid[1]) * strides[1] + offset[1] + before[1];
      for (let i = 0; i < size[0]; i++)
        for (let j = 0; j < size[1]; j++) indices[target++] = (top + i) * paddedWidth + left + j;
    }
    return tf.reshape(tf.gather(entries, tf.tensor1d(indices, 'int32'), 1), [n * count, ...size, channels]);
  });
}
