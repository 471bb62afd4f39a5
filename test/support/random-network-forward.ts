/**
 * A network as explicit sparse matrices, made from the meaning of its layers and from no code of the compiler: the oracle
 * of the soundness tests. Values of one point, the gradient of a row, and how large a rounding error may be.
 */
import type { Layer, LayerGraph } from '../../compiler/2-graph/layer.ts';
import type { LayerId } from '../../compiler/shared/ids.ts';
import { sizeOf } from '../../compiler/shared/shape.ts';

/** Entry `weight` at row `to`, column `from`; three lists of equal length. */
export interface SparseMap {
  readonly to: readonly number[];
  readonly from: readonly number[];
  readonly weight: readonly number[];
  readonly bias: Float64Array;
}

export type LayerValues = ReadonlyMap<LayerId, Float64Array>;

export interface PlainNetwork {
  /** The layers that are matrices; the others are the input, sums and nonlinearities. */
  readonly maps: ReadonlyMap<LayerId, SparseMap>;
  /** The output of every layer at one point. */
  valuesAt(x: Float64Array): LayerValues;
  /** Gradient for the input of `row · output of layer`, at the point whose values are given. */
  pullBack(layer: LayerId, row: Float64Array, values: LayerValues): Float64Array;
  /** For every layer, an upper bound of the sum of the sizes of all that is added up in it, when inputs are at most `size`. */
  magnitudes(size: Float64Array): LayerValues;
}

type Params = Readonly<Record<string, Float64Array>>;

export function plainNetwork(graph: LayerGraph, params: Params): PlainNetwork {
  const layers = new Map(graph.layers.map(layer => [layer.id, layer]));
  const maps = new Map<LayerId, SparseMap>();
  for (const layer of graph.layers) {
    const input = layers.get(layer.inputs[0] ?? layer.id)!;
    const map = mapOf(layer, input.shape, params);
    if (map !== null) maps.set(layer.id, map);
  }
  const run = (x: Float64Array, magnitude: boolean): LayerValues => {
    const size = magnitude ? Math.abs : (value: number): number => value;
    const values = new Map<LayerId, Float64Array>();
    for (const layer of graph.layers) {
      const inputs = layer.inputs.map(id => values.get(id)!);
      const map = maps.get(layer.id);
      if (layer.kind === 'input') values.set(layer.id, x);
      else if (layer.kind === 'relu')
        values.set(
          layer.id,
          inputs[0]!.map(value => Math.max(0, value)),
        );
      else if (map === undefined)
        values.set(
          layer.id,
          inputs[0]!.map((_, i) => inputs.reduce((sum, v) => sum + v[i]!, 0)),
        );
      else {
        const result = map.bias.map(size);
        map.to.forEach((to, i) => {
          result[to]! += size(map.weight[i]!) * inputs[0]![map.from[i]!]!;
        });
        values.set(layer.id, result);
      }
    }
    return values;
  };
  return {
    maps,
    valuesAt: x => run(x, false),
    magnitudes: size => run(size, true),
    pullBack(start, row, values) {
      const gradients = new Map<LayerId, Float64Array>([[start, row]]);
      for (const layer of graph.layers.toReversed()) {
        const upstream = gradients.get(layer.id);
        if (upstream === undefined) continue;
        for (const id of layer.inputs) {
          const gradient = gradients.get(id) ?? new Float64Array(sizeOf(layers.get(id)!.shape));
          gradients.set(id, gradient);
          const map = maps.get(layer.id);
          if (map !== undefined)
            map.from.forEach((from, i) => {
              gradient[from]! += map.weight[i]! * upstream[map.to[i]!]!;
            });
          else
            upstream.forEach((entry, i) => {
              if (layer.kind === 'add' || values.get(id)![i]! > 0) gradient[i]! += entry;
            });
        }
      }
      return gradients.get(graph.input) ?? new Float64Array(sizeOf(layers.get(graph.input)!.shape));
    },
  };
}

/** The layer as a matrix; null for those that are none. */
function mapOf(layer: Layer, inputShape: readonly number[], params: Params): SparseMap | null {
  const to: number[] = [];
  const from: number[] = [];
  const weight: number[] = [];
  const entry = (row: number, column: number, value: number): void => {
    to.push(row);
    from.push(column);
    weight.push(value);
  };
  const size = sizeOf(layer.shape);
  const channels = layer.shape.at(-1) ?? 1;
  const kernel = params[`${layer.id}.weight`] ?? new Float64Array(0);
  const ownBias = params[`${layer.id}.bias`];
  let bias = Float64Array.from({ length: size }, (_, i) => ownBias?.[i % channels] ?? 0);
  if (layer.kind === 'dense') {
    const inputs = sizeOf(inputShape);
    for (let i = 0; i < inputs; i++) for (let j = 0; j < size; j++) entry(j, i, kernel[i * size + j]!);
  } else if (layer.kind === 'flatten' || layer.kind === 'reshape') {
    for (let i = 0; i < size; i++) entry(i, i, 1);
  } else if (layer.kind === 'normalize') {
    for (let i = 0; i < size; i++) entry(i, i, 1 / layer.std[i % channels]!);
    bias = bias.map((_, i) => -layer.mean[i % channels]! / layer.std[i % channels]!);
  } else if (layer.kind === 'conv2d') {
    const [height = 0, width = 0, inChannels = 0] = inputShape;
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
            for (let c = 0; c < inChannels; c++)
              for (let f = 0; f < filters; f++) {
                const value = kernel[((i * kernelWidth + j) * inChannels + c) * filters + f]!;
                entry((row * columns + column) * filters + f, (y * width + x) * inChannels + c, value);
              }
          }
  } else return null;
  return { to, from, weight, bias };
}
