/** Rows of a dual with the weights of their group, in float64. */
import type { Float64Tensor } from './float64-tensor.ts';

const featuresOf = (x: Float64Tensor): number => x.shape.slice(1).reduce((product, size) => product * size, 1);

/** Where row `row` of group `group` starts: a dual with `rows` rows in all is the same for every group. */
function rowStart(dual: Float64Tensor, rows: number, group: number, row: number): number {
  const shared = dual.shape[0] === rows;
  return ((shared ? 0 : group * rows) + row) * featuresOf(dual);
}

export function rowNorms(
  rows: number,
  dual: Float64Tensor,
  weights: Float64Tensor,
  shape: readonly number[],
): Float64Array {
  const features = featuresOf(weights);
  const result = new Float64Array((shape[0] ?? 0) * rows);
  for (let group = 0; group < (shape[0] ?? 0); group++) {
    for (let row = 0; row < rows; row++) {
      const start = rowStart(dual, rows, group, row);
      let sum = 0;
      for (let f = 0; f < features; f++) sum += Math.abs(dual.data[start + f]!) * weights.data[group * features + f]!;
      result[group * rows + row] = sum;
    }
  }
  return result;
}

export function rowNormsGradient(
  rows: number,
  dual: Float64Tensor,
  weights: Float64Tensor,
  shares: Float64Tensor,
): Float64Array {
  const features = featuresOf(weights);
  const result = new Float64Array(dual.data.length);
  for (let group = 0; group < (weights.shape[0] ?? 0); group++) {
    for (let row = 0; row < rows; row++) {
      const start = rowStart(dual, rows, group, row);
      const share = shares.data[group * rows + row]!;
      for (let f = 0; f < features; f++)
        result[start + f]! += Math.sign(dual.data[start + f]!) * weights.data[group * features + f]! * share;
    }
  }
  return result;
}

export function rowNormsWeightGradient(rows: number, dual: Float64Tensor, shares: Float64Tensor): Float64Array {
  const features = featuresOf(dual);
  const result = new Float64Array((shares.shape[0] ?? 0) * features);
  for (let group = 0; group < (shares.shape[0] ?? 0); group++) {
    for (let row = 0; row < rows; row++) {
      const start = rowStart(dual, rows, group, row);
      const share = shares.data[group * rows + row]!;
      for (let f = 0; f < features; f++) result[group * features + f]! += Math.abs(dual.data[start + f]!) * share;
    }
  }
  return result;
}

export function scaledRows(rows: number, dual: Float64Tensor, factors: Float64Tensor): Float64Array {
  const features = featuresOf(factors);
  const groups = factors.shape[0] ?? 0;
  const result = new Float64Array(groups * rows * features);
  for (let group = 0; group < groups; group++) {
    for (let row = 0; row < rows; row++) {
      const start = rowStart(dual, rows, group, row);
      const target = (group * rows + row) * features;
      for (let f = 0; f < features; f++)
        result[target + f] = dual.data[start + f]! * factors.data[group * features + f]!;
    }
  }
  return result;
}

export function rowProducts(
  rows: number,
  a: Float64Tensor,
  dual: Float64Tensor,
  shape: readonly number[],
): Float64Array {
  const features = featuresOf(a);
  const result = new Float64Array((shape[0] ?? 0) * features);
  for (let group = 0; group < (shape[0] ?? 0); group++) {
    for (let row = 0; row < rows; row++) {
      const start = rowStart(dual, rows, group, row);
      const from = (group * rows + row) * features;
      for (let f = 0; f < features; f++) result[group * features + f]! += a.data[from + f]! * dual.data[start + f]!;
    }
  }
  return result;
}
