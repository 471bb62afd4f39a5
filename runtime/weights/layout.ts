/**
 * The two orders in which frameworks keep weights. `tfjs`: kernels `[height, width, in, out]`, dense `[in, out]`, maps
 * flattened height, width, channels. `pytorch`: kernels `[out, in, height, width]`, dense `[out, in]`, maps flattened
 * channels, height, width. What that means for a parameter the network's meta says. Converting moves values and changes none.
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
  { name: v.string(), shape: v.array(v.number()), pytorch: v.looseObject({ axes: v.array(v.number()) }) },
  'it needs one of meta.parameters',
);

/** The parameter's shape in a layout. */
export function shapeIn(layout: Layout, { shape, pytorch }: ParameterMeta): readonly number[] {
  return layout === 'tfjs' ? shape : permuted(shape, pytorch.axes);
}

/** Whether the two layouts keep the parameter differently. */
export const differs = ({ pytorch: { axes, inputs } }: ParameterMeta): boolean =>
  inputs !== undefined || axes.some((axis, at) => axis !== at);

/** Why a parameter cannot be kept in a layout; null when it can. */
export function layoutRefusal({ name, pytorch }: ParameterMeta, layout: Layout): string | null {
  if (layout === 'tfjs' || pytorch.refused === undefined) return null;
  return `no order: ${pytorch.refused}, so no order of ${name} makes the network one of PyTorch`;
}

/** One line for each parameter that cannot be kept in the layout of a file, and one with what to do. */
export function refusedLayout(parameters: readonly ParameterMeta[], layout: Layout): string[] {
  const lines = parameters.flatMap(parameter => layoutRefusal(parameter, layout) ?? []);
  const advice =
    'convert the weights to layout tfjs in the program that has them, and import that file with --layout tfjs';
  return lines.length === 0 ? [] : [...lines, advice];
}

/**
 * Values of one parameter, from one layout to the other. The result is a new array unless nothing moves. Raises `InputError` when
 * they are not as many as the parameter has, a layout is unknown, or the network has no weights in it.
 */
export function convertLayout(data: Float32Array, parameter: ParameterMeta, from: Layout, to: Layout): Float32Array {
  for (const layout of [from, to]) checkArgument(oneOf(layouts), layout, 'convertLayout: layout');
  checkArgument(parameterSchema, parameter, 'convertLayout: parameter');
  if (!(data instanceof Float32Array)) {
    throw new InputError(`convertLayout: data is ${showValue(data)}: it needs a Float32Array`);
  }
  const { name, shape, pytorch } = parameter;
  if (data.length !== elementCount(shape)) {
    throw new InputError(
      `convertLayout: ${name} ${printDims(shape)} has ${elementCount(shape)} numbers, not ${data.length}`,
    );
  }
  if (from === to) return data;
  const refused = layoutRefusal(parameter, 'pytorch');
  if (refused !== null) throw new InputError(`convertLayout: ${refused}`);
  if (!differs(parameter)) return data;
  const { axes, inputs } = pytorch;
  if (to === 'pytorch') {
    const ordered = inputs === undefined ? data : takeAlong(data, shape, inputs.axis, inverse(placesOf(inputs.runs)));
    return permuteAxes(ordered, shape, axes);
  }
  const ordered = permuteAxes(data, permuted(shape, axes), inverse(axes));
  return inputs === undefined ? ordered : takeAlong(ordered, shape, inputs.axis, placesOf(inputs.runs));
}

/** For each entry in the order of layout `tfjs` its place in PyTorch's. */
function placesOf(runs: readonly (readonly [positions: number, channels: number])[]): number[] {
  const places: number[] = [];
  for (const [positions, channels] of runs) {
    const start = places.length;
    for (let position = 0; position < positions; position++)
      for (let channel = 0; channel < channels; channel++) places.push(start + channel * positions + position);
  }
  return places;
}

/** The tensor whose entry `i` along an axis is entry `places[i]` of the given one. */
function takeAlong(
  data: Float32Array,
  shape: readonly number[],
  axis: number,
  places: readonly number[],
): Float32Array {
  const out = new Float32Array(data.length);
  const inner = elementCount(shape.slice(axis + 1));
  const size = shape[axis]! * inner;
  for (let start = 0; start < data.length; start += size)
    for (const [at, place] of places.entries()) {
      const from = start + place * inner;
      out.set(data.subarray(from, from + inner), start + at * inner);
    }
  return out;
}

const permuted = (shape: readonly number[], order: readonly number[]): readonly number[] =>
  order.map(axis => shape[axis]!);

function inverse(order: readonly number[]): readonly number[] {
  const places = new Array<number>(order.length);
  for (const [at, place] of order.entries()) places[place] = at;
  return places;
}

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
