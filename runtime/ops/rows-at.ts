/**
 * Rows by their indices, among those of all examples, in loops over rows that are asked for (`asked-rows.ts`). What is picked is read back from the backend, copied
 * here, run by run, and given to it again: on wasm its own kernels take thirty times as long.
 */
import * as tf from '@tensorflow/tfjs-core';
import { copyWindow, placesOfWindows, type WindowsOfMap } from './windows.ts';

/** Rows of the identity matrix of `rows` at indices `[n]` modulo `rows`, each reshaped to `shape`: `[n, …shape]`. */
export function unitRowsAt(indices: tf.Tensor, rows: number, shape: readonly number[]): tf.Tensor {
  const values = new Float32Array(indices.size * rows);
  indices.dataSync().forEach((index, row) => {
    values[row * rows + (index % rows)] = 1;
  });
  return tf.tensor(values, [indices.size, ...shape]);
}

/** `(values [rows, …f], indices [n]) → [n, …f]`: the rows at the indices modulo their number. */
export function rowsAt(values: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  const rows = values.shape[0]!;
  const size = values.size / rows;
  const from = values.dataSync();
  const picked = new Float32Array(indices.size * size);
  indices.dataSync().forEach((index, row) => {
    const own = index % rows;
    picked.set(from.subarray(own * size, (own + 1) * size), row * size);
  });
  return tf.tensor(picked, [indices.size, ...values.shape.slice(1)]);
}

/** `(values [batch, …f], indices [n]) → [n, …f]`: for each row, of the `rows` that every example has, the values of its example. */
export function examplesAt(values: tf.Tensor, indices: tf.Tensor, rows: number): tf.Tensor {
  const size = values.size / values.shape[0]!;
  const from = values.dataSync();
  const picked = new Float32Array(indices.size * size);
  indices.dataSync().forEach((index, row) => {
    const example = Math.floor(index / rows);
    picked.set(from.subarray(example * size, (example + 1) * size), row * size);
  });
  return tf.tensor(picked, [indices.size, ...values.shape.slice(1)]);
}

/** `(map [batch, H, W, C], indices [n]) → [n, …size, C]`: for each row the window of its position in the map of its example, as in `windows`. */
export function windowsAt(x: tf.Tensor, indices: tf.Tensor, at: WindowsOfMap, rowsPerWindow: number): tf.Tensor {
  const channels = x.shape[3]!;
  const rows = at.grid[0] * at.grid[1] * rowsPerWindow;
  const places = placesOfWindows(x.shape, at);
  const from = x.dataSync() as Float32Array;
  const size = at.size[0] * at.size[1] * channels;
  const cut = new Float32Array(indices.size * size);
  indices.dataSync().forEach((index, row) => {
    copyWindow(from, cut, places, {
      example: Math.floor(index / rows),
      position: Math.floor((index % rows) / rowsPerWindow),
      to: row * size,
    });
  });
  return tf.tensor(cut, [indices.size, ...at.size, channels]);
}
