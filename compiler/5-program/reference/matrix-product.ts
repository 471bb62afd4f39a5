/** Matrix products of rank 2, or rank 3 one matrix at a time. Multiplying by an entry that is 0 is left out: most of a dual's are. */
import type { OpOf } from '../tensor-program.ts';
import { type Float64Tensor, zeros } from './float64-tensor.ts';

function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(matrix.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = matrix[row * columns + column]!;
  return result;
}

function addProduct(
  a: Float64Array,
  b: Float64Array,
  result: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inner; i++) {
      const factor = a[row * inner + i]!;
      if (factor === 0) continue;
      for (let column = 0; column < columns; column++)
        result[row * columns + column]! += factor * b[i * columns + column]!;
    }
  }
}

export function matMul(op: OpOf<'matMul'>, a: Float64Tensor, b: Float64Tensor, shape: readonly number[]): Float64Array {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  const inner = a.shape.at(op.transposeA ? -2 : -1)!;
  const result = zeros(shape);
  for (let matrix = 0; matrix < result.length / (rows * columns); matrix++) {
    const left = a.data.subarray(matrix * rows * inner, (matrix + 1) * rows * inner);
    const right = b.data.subarray(matrix * inner * columns, (matrix + 1) * inner * columns);
    addProduct(
      op.transposeA ? transposed(left, inner, rows) : left,
      op.transposeB ? transposed(right, columns, inner) : right,
      result.subarray(matrix * rows * columns, (matrix + 1) * rows * columns),
      rows,
      inner,
      columns,
    );
  }
  return result;
}
