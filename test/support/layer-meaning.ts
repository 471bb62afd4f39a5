/**
 * What each kind of layer computes, in plain numbers and from no code of the compiler: what the oracles of the soundness tests are made
 * of. A kind of which nothing is said here is refused.
 */
import type { Layer, LayerOf } from '../../compiler/2-graph/layer.ts';
import { assertNever } from '../../compiler/shared/assert.ts';
import { type Shape, sizeOf } from '../../compiler/shared/shape.ts';
import { type JoinedEntry, joinedEntries } from './joined-entries.ts';
import { pooledEntries } from './pooled-entries.ts';

/** Entry `weight` at row `to`, column `from`; three lists of equal length. */
export interface SparseMap {
  readonly to: readonly number[];
  readonly from: readonly number[];
  readonly weight: readonly number[];
  readonly bias: Float64Array;
}

/** A function of one number. */
export interface Curve {
  readonly value: (z: number) => number;
  /** Where it has none, that of one side. */
  readonly slope: (z: number) => number;
  /** Least and greatest value between two numbers. */
  readonly image: (low: number, high: number) => readonly [number, number];
}

export type Meaning =
  | { readonly kind: 'input' }
  | { readonly kind: 'matrix'; readonly map: SparseMap }
  | { readonly kind: 'curve'; readonly curve: Curve }
  | { readonly kind: 'sum' }
  | { readonly kind: 'joined'; readonly entries: readonly JoinedEntry[] };

export type Params = Readonly<Record<string, Float64Array>>;
type MeaningOf = (layer: Layer, inputShapes: readonly Shape[], params: Params) => Meaning;

/** Of kinds that live outside of the compiler. */
const others = new Map<string, MeaningOf>();

/** Says what one more kind means, until the function that is returned is called. */
export function registerMeaning(kind: string, meaning: MeaningOf): () => void {
  others.set(kind, meaning);
  return () => others.delete(kind);
}

export const increasing = (value: Curve['value'], slope: Curve['slope']): Meaning => ({
  kind: 'curve',
  curve: { value, slope, image: (low, high) => [value(low), value(high)] },
});

export const meaningOf: MeaningOf = (layer, inputShapes, params) => {
  const other = others.get(layer.kind);
  if (other !== undefined) return other(layer, inputShapes, params);
  switch (layer.kind) {
    case 'input':
      return { kind: 'input' };
    case 'add':
      return { kind: 'sum' };
    case 'concat':
      return { kind: 'joined', entries: joinedEntries(inputShapes) };
    case 'relu':
      return increasing(
        z => Math.max(0, z),
        z => (z > 0 ? 1 : 0),
      );
    case 'leakyRelu':
      return increasing(
        z => (z > 0 ? z : layer.negativeSlope * z),
        z => (z > 0 ? 1 : layer.negativeSlope),
      );
    case 'dense':
      return matrix(layer, params, entry => denseEntries(layer, inputShapes[0]!, params, entry));
    case 'conv2d':
      return matrix(layer, params, entry => convEntries(layer, inputShapes[0]!, params, entry));
    case 'averagePool2d':
      return matrix(layer, {}, entry => {
        for (const [output, { from, count }] of pooledEntries(layer, inputShapes[0]!).entries())
          for (const place of from) entry(output, place, 1 / count);
      });
    case 'flatten':
    case 'reshape':
      return matrix(layer, {}, entry => {
        for (let i = 0; i < sizeOf(layer.shape); i++) entry(i, i, 1);
      });
    case 'normalize':
      return normalization(layer);
    default:
      return assertNever(layer);
  }
};

export type Entry = (row: number, column: number, value: number) => void;

/** A matrix by its entries, with the layer's bias where it has one. */
export function matrix(layer: Layer, params: Params, fill: (entry: Entry) => void): Meaning {
  const to: number[] = [];
  const from: number[] = [];
  const weight: number[] = [];
  fill((row, column, value) => {
    to.push(row);
    from.push(column);
    weight.push(value);
  });
  const channels = layer.shape.at(-1) ?? 1;
  const own = params[`${layer.id}.bias`];
  const bias = Float64Array.from({ length: sizeOf(layer.shape) }, (_, i) => own?.[i % channels] ?? 0);
  return { kind: 'matrix', map: { to, from, weight, bias } };
}

function denseEntries({ id, shape }: LayerOf<'dense'>, inputShape: Shape, params: Params, entry: Entry): void {
  const kernel = params[`${id}.weight`]!;
  const [inputs, units] = [sizeOf(inputShape), sizeOf(shape)];
  for (let i = 0; i < inputs; i++) for (let j = 0; j < units; j++) entry(j, i, kernel[i * units + j]!);
}

function convEntries(layer: LayerOf<'conv2d'>, inputShape: Shape, params: Params, entry: Entry): void {
  const kernel = params[`${layer.id}.weight`]!;
  const [height = 0, width = 0, channels = 0] = inputShape;
  const [rows = 0, columns = 0, filters = 0] = layer.shape;
  const [kernelHeight, kernelWidth] = layer.kernelSize;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let i = 0; i < kernelHeight; i++)
        for (let j = 0; j < kernelWidth; j++) {
          const [y, x] = [
            row * layer.strides[0] + i - layer.padding.top,
            column * layer.strides[1] + j - layer.padding.left,
          ];
          if (y < 0 || y >= height || x < 0 || x >= width) continue;
          for (let c = 0; c < channels; c++)
            for (let f = 0; f < filters; f++) {
              const value = kernel[((i * kernelWidth + j) * channels + c) * filters + f]!;
              entry((row * columns + column) * filters + f, (y * width + x) * channels + c, value);
            }
        }
}

function normalization({ shape, mean, std }: LayerOf<'normalize'>): Meaning {
  const places = Array.from({ length: sizeOf(shape) }, (_, i) => i);
  const channel = (i: number): number => i % mean.length;
  return {
    kind: 'matrix',
    map: {
      to: places,
      from: places,
      weight: places.map(i => 1 / std[channel(i)]!),
      bias: Float64Array.from(places, i => -mean[channel(i)]! / std[channel(i)]!),
    },
  };
}
