/**
 * Rows by their indices, in loops over rows that are asked for (`asked-rows.ts`). What is picked is read back from the backend, copied
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

/** `(map [batch, H, W, C], indices [batch·n]) → [batch·n, …size, C]`: for each row the window of its position, as in `windows`. */
export function windowsAt(x: tf.Tensor, indices: tf.Tensor, at: WindowsOfMap, rowsPerWindow: number): tf.Tensor {
  const [batch, , , channels] = x.shape as [number, number, number, number];
  const ofEach = indices.size / batch;
  const places = placesOfWindows(x.shape, at);
  const from = x.dataSync() as Float32Array;
  const size = at.size[0] * at.size[1] * channels;
  const cut = new Float32Array(indices.size * size);
  indices.dataSync().forEach((index, row) => {
    copyWindow(from, cut, places, {
      example: Math.floor(row / ofEach),
      position: Math.floor(index / rowsPerWindow),
      to: row * size,
    });
  });
  return tf.tensor(cut, [indices.size, ...at.size, channels]);
}
