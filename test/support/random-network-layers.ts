/** The steps that random networks grow by: each appends a layer, or a small motif of layers, to a graph. */

import type { Layer, LayerOf } from '../../compiler/2-graph/layer.ts';
import { samePadding } from '../../compiler/2-graph/padding.ts';
import { layerId } from '../../compiler/shared/ids.ts';
import { type Shape, sameShape, sizeOf } from '../../compiler/shared/shape.ts';

/** A layer without what `append` adds. */
type Draft<Kind extends Layer['kind']> = Omit<LayerOf<Kind>, 'id' | 'span' | 'kind' | 'inputs'>;

export interface Growth {
  readonly layers: readonly Layer[];
  /** The next decision, in `0 … below − 1`; 0 is the simplest. */
  readonly choose: (below: number) => number;
  append<Kind extends Layer['kind']>(kind: Kind, inputs: readonly Layer[], draft: Draft<Kind>): Layer;
}

/** Layers larger than this are not made, so that rows can walk through all of them quickly. */
const largest = 60;

export function startGrowth(inputShape: Shape, choose: Growth['choose']): Growth {
  const layers: Layer[] = [];
  const growth: Growth = {
    layers,
    choose,
    append(kind, inputs, draft) {
      const line = { line: layers.length + 1, column: 1 };
      const layer = {
        ...draft,
        kind,
        id: layerId(`${kind}_${layers.length}`),
        inputs: inputs.map(({ id }) => id),
        span: { file: 'random.arch.ts', start: line, end: line },
      } as unknown as Layer;
      layers.push(layer);
      return layer;
    },
  };
  growth.append('input', [], { shape: inputShape });
  return growth;
}

/** Rounded to float32, as the graph has them. */
const negativeSlopes = [0.1, 0, 1, 1e-3, 0.5, 0.9999].map(Math.fround);

const leakyRelu = (g: Growth, x: Layer): Layer =>
  g.append('leakyRelu', [x], { shape: x.shape, negativeSlope: negativeSlopes[g.choose(negativeSlopes.length)]! });

/** A nonlinearity, ReLU mostly. */
const bend = (g: Growth, x: Layer): Layer =>
  g.choose(4) === 3 ? leakyRelu(g, x) : g.append('relu', [x], { shape: x.shape });
const add = (g: Growth, operands: readonly Layer[]): Layer => g.append('add', operands, { shape: operands[0]!.shape });

export function flatten(g: Growth, x: Layer): Layer {
  return x.shape.length === 1 ? x : g.append('flatten', [x], { shape: [sizeOf(x.shape)] });
}

export function dense(g: Growth, x: Layer, units: number): Layer {
  return g.append('dense', [flatten(g, x)], { shape: [units], units, useBias: g.choose(4) < 3 });
}

const reshape = (g: Growth, x: Layer, shape: Shape): Layer =>
  sameShape(x.shape, shape) ? x : g.append('reshape', [x], { shape });

/** A map `[height, width, channels]` of the same numbers. */
function asMap(g: Growth, x: Layer): Layer {
  if (x.shape.length === 3) return x;
  const size = sizeOf(x.shape);
  const divisors = Array.from({ length: size }, (_, i) => i + 1).filter(count => size % count === 0);
  const height = divisors[g.choose(divisors.length)]!;
  const channels = (size / height) % 2 === 0 ? 1 + g.choose(2) : 1;
  return reshape(g, x, [height, size / height / channels, channels]);
}

function normalize(g: Growth, x: Layer): Layer {
  const channels = x.shape.at(-1) ?? 1;
  const mean = Array.from({ length: channels }, () => g.choose(5) / 4 - 0.5);
  const std = Array.from({ length: channels }, () => [0.5, 1, 0.25, 2, 0.01][g.choose(5)]!);
  return g.append('normalize', [x], { shape: x.shape, mean, std });
}

/** How often a window fits. */
const positions = (size: number, window: number, stride: number, padding: number): number =>
  Math.floor((size + padding - window) / stride) + 1;

/** Kernels, strides and paddings of every sort; null when the result would be empty or too large. */
function conv2d(g: Growth, from: Layer): Layer | null {
  const x = asMap(g, from);
  const [height = 1, width = 1] = x.shape;
  const kernelSize = [1 + g.choose(4), 1 + g.choose(3)] as const;
  const strides = [1 + g.choose(3), 1 + g.choose(3)] as const;
  const padding = { top: g.choose(3), bottom: g.choose(3), left: g.choose(3), right: g.choose(2) };
  const rows = positions(height, kernelSize[0], strides[0], padding.top + padding.bottom);
  const columns = positions(width, kernelSize[1], strides[1], padding.left + padding.right);
  const filters = 1 + g.choose(3);
  if (rows < 1 || columns < 1 || rows * columns * filters > largest) return null;
  const shape = [rows, columns, filters];
  return g.append('conv2d', [x], { shape, filters, kernelSize, strides, padding, useBias: g.choose(4) < 3 });
}

/**
 * Windows of every sort: side by side, overlapping and apart, all of the map, as many positions as entries, cut by padding that counts
 * or not. Null when there is no position, or one that lies in the padding.
 */
function averagePool2d(g: Growth, from: Layer): Layer | null {
  const x = asMap(g, from);
  const [height = 1, width = 1, channels = 1] = x.shape;
  const sort = g.choose(6);
  const isGlobal = sort === 5;
  const poolSize = isGlobal ? ([height, width] as const) : ([1 + g.choose(3), 1 + g.choose(4)] as const);
  const strides = sort < 2 ? poolSize : ([1 + g.choose(3), 1 + g.choose(2)] as const);
  const side = (size: number): number => (sort === 0 || isGlobal ? 0 : g.choose(size));
  const padding =
    sort === 2
      ? samePadding({ input: [height, width], kernelSize: poolSize, strides })
      : { top: side(poolSize[0]), bottom: side(poolSize[0]), left: side(poolSize[1]), right: side(poolSize[1]) };
  const rows = positions(height, poolSize[0], strides[0], padding.top + padding.bottom);
  const columns = positions(width, poolSize[1], strides[1], padding.left + padding.right);
  if (rows < 1 || columns < 1 || rows * columns * channels > largest) return null;
  const shape = [rows, columns, channels];
  return g.append('averagePool2d', [x], { shape, poolSize, strides, padding, countPadding: g.choose(3) > 0 });
}

/** Whatever fits beside `x`, the layer itself among it; null when the result would be too large. */
function concat(g: Growth, x: Layer, operands: readonly Layer[]): Layer | null {
  const width = operands.reduce((sum, { shape }) => sum + shape.at(-1)!, 0);
  const shape = [...x.shape.slice(0, -1), width];
  return sizeOf(shape) > largest ? null : g.append('concat', operands, { shape });
}

const fitsBeside = (x: Layer, other: Layer): boolean => sameShape(x.shape.slice(0, -1), other.shape.slice(0, -1));

/** An affine layer whose output has the shape of `like`, from a layer of any shape. */
function affineLike(g: Growth, x: Layer, like: Shape): Layer {
  const [height, width, filters = 1] = like;
  if (like.length === 3 && x.shape.length === 3 && x.shape[0] === height && x.shape[1] === width) {
    const side = g.choose(2);
    const padding = { top: side, bottom: side, left: side, right: side };
    const kernelSize = [1 + 2 * side, 1 + 2 * side] as const;
    return g.append('conv2d', [x], { shape: like, filters, kernelSize, strides: [1, 1], padding, useBias: true });
  }
  return reshape(g, dense(g, x, sizeOf(like)), like);
}

/** Grows the graph from `x`, one of its layers. */
export type GrowthStep = (g: Growth, x: Layer) => void;

export const growthSteps: readonly GrowthStep[] = [
  (g, x) => void g.append('relu', [x], { shape: x.shape }),
  (g, x) => void leakyRelu(g, x),
  (g, x) => void dense(g, x, 1 + g.choose(6)),
  (g, x) => void conv2d(g, x),
  // Deep maps, so that windows have something to walk through.
  (g, x) => {
    const first = conv2d(g, x);
    if (first !== null) conv2d(g, bend(g, first));
  },
  // Layers of the same shape, the layer itself among them: an operand may come twice.
  (g, x) => {
    const alike = g.layers.filter(layer => sameShape(layer.shape, x.shape));
    const operands = Array.from({ length: 1 + g.choose(2) }, () => alike[alike.length - 1 - g.choose(alike.length)]!);
    add(g, [x, ...operands]);
  },
  // Residual block: affine, relu, affine, plus the identity.
  (g, x) => {
    const inner = bend(g, affineLike(g, x, x.shape));
    const sum = add(g, [affineLike(g, inner, x.shape), x]);
    if (g.choose(2) === 0) bend(g, sum);
  },
  // A skip straight from the input.
  (g, x) => {
    const input = g.layers[0]!;
    const skip = sameShape(input.shape, x.shape) ? input : affineLike(g, input, x.shape);
    add(g, [x, skip]);
  },
  // Two nonlinearities that read the same layer.
  (g, x) => {
    const [first, second] = [bend(g, x), bend(g, x)];
    add(g, g.choose(2) === 0 ? [first, affineLike(g, second, x.shape)] : [first, second, x]);
  },
  // Three parallel branches, one of them nonlinear, one without a weight.
  (g, x) => {
    const branches = [affineLike(g, x, x.shape), bend(g, affineLike(g, x, x.shape)), x];
    add(g, branches);
  },
  (g, x) => void normalize(g, x),
  (g, x) => {
    const first = conv2d(g, bend(g, conv2d(g, x) ?? x));
    if (first !== null) conv2d(g, bend(g, normalize(g, first)));
  },
  // From the input anew, by one matrix.
  g => {
    const input = g.choose(2) === 0 ? g.layers[0]! : normalize(g, g.layers[0]!);
    bend(g, (g.choose(2) === 0 ? averagePool2d(g, input) : conv2d(g, input)) ?? dense(g, input, 4));
  },
  (g, x) => void flatten(g, x),
  (g, x) => void asMap(g, flatten(g, x)),
  (g, x) => void averagePool2d(g, x),
  // Pools between convolutions and nonlinearities, so that windows walk through them.
  (g, x) => {
    const first = conv2d(g, x) ?? x;
    const pooled = averagePool2d(g, bend(g, first));
    if (pooled !== null) conv2d(g, g.choose(2) === 0 ? pooled : bend(g, pooled));
  },
  // Two to four operands, in any order; one may come twice.
  (g, x) => {
    const beside = g.layers.filter(layer => fitsBeside(x, layer));
    const operands = Array.from(
      { length: 1 + g.choose(3) },
      () => beside[beside.length - 1 - g.choose(beside.length)]!,
    );
    concat(g, x, operands.toSpliced(g.choose(operands.length + 1), 0, x));
  },
  // A map beside what convolutions make of it: windows are cut apart on their way back.
  (g, x) => {
    const map = asMap(g, x);
    const inner = bend(g, affineLike(g, map, map.shape));
    const joined = concat(g, map, [affineLike(g, inner, map.shape), map, inner]) ?? concat(g, map, [inner, map]);
    if (joined !== null) conv2d(g, g.choose(2) === 0 ? joined : bend(g, joined));
  },
  // Two flattened maps side by side.
  (g, x) => {
    const other = conv2d(g, x) ?? x;
    concat(g, flatten(g, x), [flatten(g, x), flatten(g, other)]);
  },
  // Affine layers one after the other, nothing between them.
  (g, x) => {
    const first = conv2d(g, x) ?? dense(g, x, 1 + g.choose(4));
    dense(g, first, 1 + g.choose(6));
  },
];
