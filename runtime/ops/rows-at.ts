/** Rows by their indices, among those of all examples, in loops over rows that are asked for (`asked-rows.ts`). */
import type * as tf from '@tensorflow/tfjs-core';
import { copiedHere, writtenHere } from './host-copies.ts';
import { copyWindow, placesOfWindows, type WindowsOfMap } from './windows.ts';

/** Rows of the identity matrix of `rows` at indices `[n]` modulo `rows`, each reshaped to `shape`: `[n, …shape]`. */
export function unitRowsAt(indices: tf.Tensor, rows: number, shape: readonly number[]): tf.Tensor {
  return writtenHere([indices.size, ...shape], to => {
    to.fill(0);
    indices.dataSync().forEach((index, row) => {
      to[row * rows + (index % rows)] = 1;
    });
  });
}

/** `(values [rows, …f], indices [n]) → [n, …f]`: the rows at the indices modulo their number. */
export function rowsAt(values: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  const rows = values.shape[0]!;
  return runsAt(values, indices, index => index % rows);
}

/** `(values [batch, …f], indices [n]) → [n, …f]`: for each row, of the `rows` that every example has, the values of its example. */
export function examplesAt(values: tf.Tensor, indices: tf.Tensor, rows: number): tf.Tensor {
  return runsAt(values, indices, index => Math.floor(index / rows));
}

function runsAt(values: tf.Tensor, indices: tf.Tensor, runOf: (index: number) => number): tf.Tensor {
  const size = values.size / values.shape[0]!;
  return copiedHere(values, [indices.size, ...values.shape.slice(1)], (from, to) =>
    indices.dataSync().forEach((index, row) => {
      const run = runOf(index);
      to.set(from.subarray(run * size, (run + 1) * size), row * size);
    }),
  );
}

/** `(map [batch, H, W, C], indices [n]) → [n, …size, C]`: for each row the window of its position in the map of its example, as in `windows`. */
export function windowsAt(x: tf.Tensor, indices: tf.Tensor, at: WindowsOfMap, rowsPerWindow: number): tf.Tensor {
  const channels = x.shape[3]!;
  const rows = at.grid[0] * at.grid[1] * rowsPerWindow;
  const places = placesOfWindows(x.shape, at);
  const size = at.size[0] * at.size[1] * channels;
  return copiedHere(x, [indices.size, ...at.size, channels], (from, to) => {
    to.fill(0);
    indices.dataSync().forEach((index, row) => {
      copyWindow(from, to, places, {
        example: Math.floor(index / rows),
        position: Math.floor((index % rows) / rowsPerWindow),
        to: row * size,
      });
    });
  });
}
