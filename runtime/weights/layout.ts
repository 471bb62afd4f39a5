/**
 * The two orders in which frameworks keep weights. `tfjs`: kernels `[height, width, in, out]`, dense `[in, out]`, maps
 * flattened height, width, channels. `pytorch`: kernels `[out, in, height, width]`, dense `[out, in]`, maps flattened
 * channels, height, width. Converting moves values and changes none.
 */
import * as v from 'valibot';
import { oneOf } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import { showValue } from '../border/show-value.ts';
import type { ParameterMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import { elementCount, printDims } from './named-tensor.ts';

export const layouts = ['tfjs', 'pytorch'] as const;
export type Layout = (typeof layouts)[number];

export const isLayout = (name: string): name is Layout => layouts.some(layout => layout === name);

const parameterSchema = v.looseObject(
  { name: v.string(), role: v.string(), shape: v.array(v.number()) },
  'it needs one of meta.parameters',
);

/** The parameter's shape in a layout. */
export function shapeIn(layout: Layout, parameter: ParameterMeta): readonly number[] {
  const { role, shape } = parameter;
  if (layout === 'tfjs' || role === 'bias') return shape;
  return role === 'denseKernel' ? shape.toReversed() : permuted(shape, pytorchOrder(shape.length));
}

/**
 * Values of one parameter, from one layout to the other. The result is a new array unless nothing moves. Raises `InputError` when
 * they are not as many as the parameter has, or a layout is unknown.
 */
export function convertLayout(data: Float32Array, parameter: ParameterMeta, from: Layout, to: Layout): Float32Array {
  for (const layout of [from, to]) checkArgument(oneOf(layouts), layout, 'convertLayout: layout');
  checkArgument(parameterSchema, parameter, 'convertLayout: parameter');
  if (!(data instanceof Float32Array)) {
    throw new InputError(`convertLayout: data is ${showValue(data)}: it needs a Float32Array`);
  }
  const { name, shape: own } = parameter;
  if (data.length !== elementCount(own)) {
    throw new InputError(
      `convertLayout: ${name} ${printDims(own)} has ${elementCount(own)} numbers, not ${data.length}`,
    );
  }
  if (from === to || parameter.role === 'bias') return data;
  const shape = unflattened(parameter);
  const order = pytorchOrder(shape.length);
  if (to === 'pytorch') return permuteAxes(data, shape, order);
  return permuteAxes(data, permuted(shape, order), inverse(order));
}

/** In layout `tfjs`; a dense kernel behind a flattened map is a convolution whose kernel covers the whole map. */
function unflattened({ role, shape, flattened }: ParameterMeta): readonly number[] {
  return role === 'denseKernel' && flattened !== undefined ? [...flattened, shape[1]!] : shape;
}

/** Output axis first, input channels second, then height and width. */
const pytorchOrder = (rank: number): readonly number[] => (rank === 4 ? [3, 2, 0, 1] : [1, 0]);

const permuted = (shape: readonly number[], order: readonly number[]): readonly number[] =>
  order.map(axis => shape[axis]!);

const inverse = (order: readonly number[]): readonly number[] => order.map((_, axis) => order.indexOf(axis));

/** The tensor whose axis `i` is axis `order[i]` of the given one, row-major like it. */
export function permuteAxes(data: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  return gatherStrided(data, permuted(shape, order), permuted(strides, order), 0);
}

/** Copies a strided view of `data` into row-major order. The caller has checked that the view lies inside `data`. */
export function gatherStrided(
  data: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
): Float32Array {
  const out = new Float32Array(elementCount(shape));
  const index = new Array<number>(shape.length).fill(0);
  let from = offset;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}
