/** The windows of a map that single output positions depend on. */
import * as tf from '@tensorflow/tfjs-core';
import type { Pair } from './conv2d.ts';
import { copiedHere, copiesHere } from './host-copies.ts';

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
  return copiesHere() ? copied(x, at, first, count) : gathered(x, at, first, count);
}

function copied(x: tf.Tensor, at: WindowsOfMap, first: number, count: number): tf.Tensor {
  const [n, , , channels] = x.shape as [number, number, number, number];
  const places = placesOfWindows(x.shape, at);
  const size = at.size[0] * at.size[1] * channels;
  return copiedHere(x, [n * count, ...at.size, channels], (from, cut) => {
    cut.fill(0);
    for (let example = 0, to = 0; example < n; example++)
      for (let position = first; position < first + count; position++, to += size)
        copyWindow(from, cut, places, { example, position, to });
  });
}

/** Where the windows of a map lie in its entries. */
export interface WindowPlaces {
  readonly at: WindowsOfMap;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export const placesOfWindows = ([, height, width, channels]: readonly number[], at: WindowsOfMap): WindowPlaces => ({
  at,
  height: height!,
  width: width!,
  channels: channels!,
});

/** The window of a position of an example, into `target` from the entry `to` on, where zeros stand. */
export function copyWindow(
  from: Float32Array,
  target: Float32Array,
  { at: { grid, strides, offset, size }, height, width, channels }: WindowPlaces,
  { example, position, to }: { readonly example: number; readonly position: number; readonly to: number },
): void {
  const top = Math.floor(position / grid[1]) * strides[0] + offset[0];
  const left = (position % grid[1]) * strides[1] + offset[1];
  const begin = Math.max(0, left);
  const end = Math.min(width, left + size[1]);
  if (begin >= end) return;
  for (let row = Math.max(0, -top); row < size[0] && top + row < height; row++) {
    const line = (example * height + top + row) * width;
    const place = to + (row * size[1] + begin - left) * channels;
    target.set(from.subarray((line + begin) * channels, (line + end) * channels), place);
  }
}

function gathered(x: tf.Tensor, at: WindowsOfMap, first: number, count: number): tf.Tensor {
  return tf.tidy(() => {
    const { grid, strides, offset, size } = at;
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
    const indices = new Int32Array(count * size[0] * size[1]);
    let target = 0;
    for (let position = first; position < first + count; position++) {
      const top = Math.floor(position / grid[1]) * strides[0] + offset[0] + before[0];
      const left = (position % grid[1]) * strides[1] + offset[1] + before[1];
      for (let i = 0; i < size[0]; i++)
        for (let j = 0; j < size[1]; j++) indices[target++] = (top + i) * paddedWidth + left + j;
    }
    return tf.reshape(tf.gather(entries, tf.tensor1d(indices, 'int32'), 1), [-1, ...size, channels]);
  });
}
