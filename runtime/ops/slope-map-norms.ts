/**
 * Weighted norms of rows that start alike everywhere on a map: of position `p` they are `D · s` on a window of the slopes `s`, pulled back through a
 * convolution `W`. An entry of such a row,
 *
 *     x_p[u] = Σ_q Σ_f D[q, f] · s[p + q, f] · W[tap(u, q), f],
 *
 * is linear in the slopes, and its factors `D · W` are of no position and no example. So entry `u` of all rows is one convolution of the map of
 * slopes: no window is cut and no row is scaled. Neighbouring entries that read the same offsets `q` are computed together, so that the
 * multiply-adds are those of the rows' own walk, with more filters at a time.
 */
import * as tf from '@tensorflow/tfjs-core';
import { croppedConv2d } from './conv2d.ts';
import { derivedOfBoth } from './derived.ts';
import { copiedHere, copiesHere } from './host-copies.ts';
import { middleSums } from './middle-means.ts';
import type { TransposedGeometry } from './norm-blocks.ts';
import { sideBySide } from './side-by-side.ts';
import { type Group, type PositionWindows, planFor, type SlopeMapGeometry } from './slope-map-plan.ts';
import { windows } from './windows.ts';

/**
 * `(dual [rows, h, w, F], slopes [n, H, W, F], kernel [kh, kw, C, F], weights [n, H', W', C]) → [n·positions, rows]`, as
 * `transposedConv2dNorms(scaledRows(dual, windows(slopes), rows), kernel, windows(weights), geometry, rows)`.
 */
export function slopeMapNorms(
  dual: tf.Tensor,
  slopes: tf.Tensor,
  kernel: tf.Tensor,
  weights: tf.Tensor,
  { strides, padding, inputSize }: TransposedGeometry,
  windowsOf: PositionWindows,
): tf.Tensor {
  const geometry: SlopeMapGeometry = { strides, padding, inputSize, ...windowsOf };
  return tf.tidy(() => {
    const rows = dual.shape[0]!;
    const { groups, places, name } = planFor(dual, slopes, kernel, geometry);
    const positions = weights.shape[0]! * geometry.grid[0] * geometry.grid[1];
    if (groups.length === 0) return tf.zeros([positions, rows]);
    const products = derivedOfBoth(dual, kernel, name, () =>
      groups.map(group => tf.tidy(() => productsOf(dual, kernel, group))),
    );
    const parts = groups.map(({ padding }, index) => {
      const map = croppedConv2d(slopes, products[index]!, { strides: geometry.slopeStrides, padding });
      if (map === null) throw new RangeError('a group of entries that reads nothing');
      return reshaped(map, [positions, -1]);
    });
    const entries = sideBySide(parts);
    tf.dispose(parts);
    const rowsOfEntries = reshaped(entries, [positions, places.length, rows]);
    const magnitudes = tf.abs(rowsOfEntries);
    rowsOfEntries.dispose();
    return reshaped(weighted(magnitudes, weightsAt(weights, geometry, places)), [positions, rows]);
  });
}

/** In another shape, and gives up the tensor: a view that is left keeps the numbers of all rows. */
function reshaped(tensor: tf.Tensor, shape: number[]): tf.Tensor {
  const view = tf.reshape(tensor, shape);
  tensor.dispose();
  return view;
}

/** `([positions, places, rows], [positions, places]) → [positions, 1, rows]`. The magnitudes are given up. */
function weighted(magnitudes: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  const [positions, places] = weights.shape as [number, number];
  if (tf.getBackend() !== 'wasm') return tf.matMul(tf.reshape(weights, [positions, 1, places]), magnitudes);
  // Its products of many matrices take a multiple of that.
  const products = tf.mul(magnitudes, tf.reshape(weights, [positions, places, 1]));
  magnitudes.dispose();
  return middleSums(products);
}

/** `[offsets down, offsets across, F, entries · channels · rows]`: what the slope at an offset is multiplied by for an entry of a row. */
function productsOf(dual: tf.Tensor, kernel: tf.Tensor, { row, column }: Group): tf.Tensor {
  const [rows, , , filters] = dual.shape as [number, number, number, number];
  const [kernelHeight, kernelWidth, channels] = kernel.shape as [number, number, number, number];
  const [high, wide] = [row.taps.length, column.taps.length];
  const nothing = kernelHeight * kernelWidth;
  const taps = row.taps.flatMap(rowTaps =>
    column.taps.flatMap(columnTaps =>
      rowTaps.flatMap(i => columnTaps.map(j => (i === null || j === null ? nothing : i * kernelWidth + j))),
    ),
  );
  const entries = row.entries.length * column.entries.length;
  const flat = tf.reshape(kernel, [nothing, channels * filters]);
  // A tap of zeros behind the others.
  const padded = taps.includes(nothing)
    ? tf.pad(flat, [
        [0, 1],
        [0, 0],
      ])
    : flat;
  const gathered = tf.reshape(tf.gather(padded, tf.tensor1d(taps, 'int32')), [
    high * wide,
    entries * channels,
    filters,
  ]);
  const factors = tf.reshape(tf.transpose(gathered, [0, 2, 1]), [high * wide * filters, entries * channels, 1]);
  const cut = tf.slice(dual, [0, row.offsets.first, column.offsets.first, 0], [rows, high, wide, filters]);
  const starts = tf.reshape(tf.transpose(tf.reshape(cut, [rows, high * wide * filters])), [-1, 1, rows]);
  return tf.reshape(tf.mul(factors, starts), [high, wide, filters, entries * channels * rows]);
}

/** `[positions, places]`: the weights on the window of each position, in that order. */
function weightsAt(
  weights: tf.Tensor,
  { grid, inputSize, weightStrides, weightOffset }: SlopeMapGeometry,
  places: readonly number[],
): tf.Tensor {
  const view = { grid, strides: weightStrides, offset: weightOffset, size: inputSize };
  const cut = windows(weights, view, 0, grid[0] * grid[1]);
  const [positions, size] = [cut.shape[0]!, cut.size / cut.shape[0]!];
  if (!copiesHere()) return tf.gather(tf.reshape(cut, [positions, size]), tf.tensor1d([...places], 'int32'), 1);
  return copiedHere(cut, [positions, places.length], (from, to) => {
    let target = 0;
    for (let start = 0; start < positions * size; start += size)
      for (const place of places) to[target++] = from[start + place]!;
  });
}
