/** Moves entries, adds up or compares along axes, and makes rows of the identity. */
import { entriesOf, type Float64Tensor, stridesOf, walk, zeros } from './float64-tensor.ts';

export function transpose(x: Float64Tensor, perm: readonly number[], shape: readonly number[]): Float64Array {
  const own = stridesOf(x.shape);
  const result = zeros(shape);
  walk(shape, [perm.map(axis => own[axis]!)], (position, [at]) => {
    result[position] = x.data[at!]!;
  });
  return result;
}

/** Folds all entries that differ only along `axes` into one, from `initial`. */
export function reduce(
  x: Float64Tensor,
  axes: readonly number[],
  initial: number,
  fold: (sum: number, entry: number) => number,
): Float64Array {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  const result = zeros(kept).fill(initial);
  walk(x.shape, [strides], (position, [to]) => {
    result[to!] = fold(result[to!]!, x.data[position]!);
  });
  return result;
}

/** `size` rows along `axis`, from `start`. */
export function rowsFrom(x: Float64Tensor, axis: number, start: number, size: number): Float64Array {
  const shape = x.shape.with(axis, size);
  const own = stridesOf(x.shape);
  const result = zeros(shape);
  walk(shape, [own], (position, [at]) => {
    result[position] = x.data[at! + start * own[axis]!]!;
  });
  return result;
}

/** Zeros around `x`: `before[axis]` of them before its first entry along each axis. */
export function pad(x: Float64Tensor, before: readonly number[], shape: readonly number[]): Float64Array {
  const own = stridesOf(shape);
  const origin = before.reduce((offset, count, axis) => offset + count * own[axis]!, 0);
  const result = zeros(shape);
  walk(x.shape, [own], (position, [at]) => {
    result[at! + origin] = x.data[position]!;
  });
  return result;
}

/** Rows `start … start + size − 1` of the identity matrix of `rows`. */
export function unitRows(rows: number, start: number, size: number): Float64Array {
  const result = new Float64Array(size * rows);
  for (let row = 0; row < size; row++) result[row * rows + start + row] = 1;
  return result;
}

export function oneHot(labels: Float64Tensor, depth: number): Float64Array {
  const result = new Float64Array(entriesOf(labels.shape) * depth);
  labels.data.forEach((label, example) => {
    if (label >= 0 && label < depth) result[example * depth + label] = 1;
  });
  return result;
}

/** Lays tensors one behind the other along `axis`. */
export function join(parts: readonly Float64Tensor[], axis: number, shape: readonly number[]): Float64Array {
  const own = stridesOf(shape);
  const result = zeros(shape);
  let start = 0;
  for (const part of parts) {
    walk(part.shape, [own], (position, [at]) => {
      result[at! + start * own[axis]!] = part.data[position]!;
    });
    start += part.shape[axis]!;
  }
  return result;
}
