/** Values of the reference interpreter: a shape and its entries in float64, last axis fastest. */
import { InternalError } from '../../shared/assert.ts';

export interface Float64Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export const entriesOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

export const tensorOf = (shape: readonly number[], data: ArrayLike<number>): Float64Tensor => {
  if (data.length !== entriesOf(shape))
    throw new InternalError(`${data.length} entries for a tensor of shape [${shape.join(', ')}]`);
  return { shape, data: data instanceof Float64Array ? data : Float64Array.from(data) };
};

export const zeros = (shape: readonly number[]): Float64Array => new Float64Array(entriesOf(shape));

/** Distance in `data` between neighbours along each axis. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/**
 * Calls `visit(position, offsets)` for every entry of `shape` in order, where `offsets[i]` is the sum of index times `strides[i]`:
 * one walk over a result that knows where each operand's entry lies.
 */
export function walk(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  visit: (position: number, offsets: readonly number[]) => void,
): void {
  const count = entriesOf(shape);
  const index = shape.map(() => 0);
  const offsets = strides.map(() => 0);
  for (let position = 0; position < count; position++) {
    visit(position, offsets);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      for (let i = 0; i < strides.length; i++) offsets[i]! += strides[i]![axis]!;
      if (index[axis]! < shape[axis]!) break;
      for (let i = 0; i < strides.length; i++) offsets[i]! -= strides[i]![axis]! * index[axis]!;
      index[axis] = 0;
    }
  }
}
