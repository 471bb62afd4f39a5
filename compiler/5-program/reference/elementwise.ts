/** Entry by entry, with NumPy's broadcasting. */
import { type Float64Tensor, stridesOf, walk, zeros } from './float64-tensor.ts';

/** Strides of `x` as seen from the larger `shape`: 0 along axes where `x` is repeated. */
function broadcastStrides(x: Float64Tensor, shape: readonly number[]): number[] {
  const own = stridesOf(x.shape);
  const missing = shape.length - x.shape.length;
  return shape.map((_, axis) => (axis < missing || x.shape[axis - missing] === 1 ? 0 : own[axis - missing]!));
}

export function combine(
  a: Float64Tensor,
  b: Float64Tensor,
  shape: readonly number[],
  f: (a: number, b: number) => number,
): Float64Array {
  const result = zeros(shape);
  if (a.data.length === result.length && b.data.length === result.length)
    return result.map((_, i) => f(a.data[i]!, b.data[i]!));
  walk(shape, [broadcastStrides(a, shape), broadcastStrides(b, shape)], (position, [atA, atB]) => {
    result[position] = f(a.data[atA!]!, b.data[atB!]!);
  });
  return result;
}

export function broadcast(x: Float64Tensor, shape: readonly number[]): Float64Array {
  const result = zeros(shape);
  walk(shape, [broadcastStrides(x, shape)], (position, [at]) => {
    result[position] = x.data[at!]!;
  });
  return result;
}
