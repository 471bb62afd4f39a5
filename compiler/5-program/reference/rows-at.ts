/** Rows by their indices, in float64. What is no index stands for no row. */
import { InternalError } from '../../shared/assert.ts';
import type { OpOf } from '../tensor-program.ts';
import type { Float64Tensor } from './float64-tensor.ts';
import { windows } from './windows.ts';

const isRow = (index: number, rows: number): boolean => index >= 0 && index < rows;

export function unitRowsAt(indices: Float64Array, rows: number): Float64Array {
  const result = new Float64Array(indices.length * rows);
  indices.forEach((index, row) => {
    if (isRow(index, rows)) result[row * rows + index] = 1;
  });
  return result;
}

export function scatteredRows({ shape, data }: Float64Tensor, indices: Float64Array, rows: number): Float64Array {
  const [batch = 0] = shape;
  const result = new Float64Array(batch * rows);
  for (let example = 0; example < batch; example++)
    indices.forEach((index, row) => {
      if (isRow(index, rows)) result[example * rows + index] = data[example * indices.length + row]!;
    });
  return result;
}

/** One after the other, each as the windows from its position on are: that position's. Of no row, the first. */
export function windowsAt(
  op: OpOf<'windowsAt'>,
  x: Float64Tensor,
  indices: Float64Array,
  shape: readonly number[],
): Float64Array {
  const { rowsPerWindow } = op;
  const count = indices.length / rowsPerWindow;
  const [n = 0] = x.shape;
  const result = new Float64Array(shape.reduce((product, size) => product * size, 1));
  const entries = result.length / (n * count);
  for (let window = 0; window < count; window++) {
    const own = indices.subarray(window * rowsPerWindow, (window + 1) * rowsPerWindow);
    const first = own[0]!;
    const together = own.every((index, row) => (first < 0 ? index < 0 : index === first + row));
    if (!together || (first > 0 && first % rowsPerWindow !== 0))
      throw new InternalError(`the rows ${own.join(', ')} are not those of one position`);
    const position = Math.max(0, first) / rowsPerWindow;
    const ofImages = windows({ ...op, count: 1 }, x, [n, ...shape.slice(1)], position);
    for (let image = 0; image < n; image++)
      result.set(ofImages.subarray(image * entries, (image + 1) * entries), (image * count + window) * entries);
  }
  return result;
}
