/** Rows by their indices, in float64. */
import type { OpOf } from '../tensor-program.ts';
import { type Float64Tensor, tensorOf } from './float64-tensor.ts';
import { windows } from './windows.ts';

export function unitRowsAt(indices: ArrayLike<number>, rows: number): Float64Array {
  const result = new Float64Array(indices.length * rows);
  for (let i = 0; i < indices.length; i++) result[i * rows + (indices[i]! % rows)] = 1;
  return result;
}

export function rowsAt({ shape, data }: Float64Tensor, indices: ArrayLike<number>): Float64Array {
  const [rows = 0] = shape;
  const size = data.length / rows;
  const result = new Float64Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i]! % rows;
    result.set(data.subarray(row * size, (row + 1) * size), i * size);
  }
  return result;
}

export function examplesAt({ shape, data }: Float64Tensor, indices: ArrayLike<number>, rows: number): Float64Array {
  const size = data.length / shape[0]!;
  const result = new Float64Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const example = Math.floor(indices[i]! / rows);
    result.set(data.subarray(example * size, (example + 1) * size), i * size);
  }
  return result;
}

export function windowsAt(
  op: OpOf<'windowsAt'>,
  map: Float64Tensor,
  indices: ArrayLike<number>,
  shape: readonly number[],
): Float64Array {
  const [batch = 0, ...ofMap] = map.shape;
  const entries = map.data.length / batch;
  const window = shape.slice(1);
  const size = window.reduce((product, dim) => product * dim, 1);
  const result = new Float64Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const rows = op.grid[0] * op.grid[1] * op.rowsPerWindow;
    const example = Math.floor(indices[i]! / rows);
    const own = tensorOf([1, ...ofMap], map.data.subarray(example * entries, (example + 1) * entries));
    const position = Math.floor((indices[i]! % rows) / op.rowsPerWindow);
    result.set(windows({ ...op, count: 1 }, own, [1, ...window], position), i * size);
  }
  return result;
}
