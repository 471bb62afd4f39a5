/** A network in exact arithmetic: the values of every layer at a rational point, and the signs of gradients there. */
import type { Layer, LayerGraph, LayerOf } from '../../../compiler/2-graph/layer.ts';
import type { LayerId } from '../../../compiler/shared/ids.ts';
import { sizeOf } from '../../../compiler/shared/shape.ts';
import { type AffineRow, affineRows } from './affine-rows.ts';
import { type ExactVector, exactVector, sum } from './exact-vector.ts';

export type Params = Readonly<Record<string, ArrayLike<number>>>;
export type ExactValues = ReadonlyMap<LayerId, ExactVector>;

export interface ExactNetwork {
  readonly graph: LayerGraph;
  /** The output of every layer at the point `x`. */
  valuesAt(x: ExactVector): ExactValues;
  /** For every layer before `from`, the gradient of `row · (output of from)` on the linear piece of the point whose values are given; where a nonlinearity is at its kink, of the piece in which it is off. */
  gradients(from: LayerId, row: readonly bigint[], values: ExactValues): ReadonlyMap<LayerId, ExactVector>;
}

interface ExactAffine {
  readonly rows: readonly AffineRow[];
  readonly weights: ExactVector;
  readonly biases: ExactVector | null;
}

/** Parameters count as the exact numbers that they are. Throws a `RangeError` where one is not finite. */
export function exactNetwork(graph: LayerGraph, params: Params): ExactNetwork {
  const shapes = new Map(graph.layers.map(({ id, shape }) => [id, shape]));
  const affine = new Map<LayerId, ExactAffine>();
  for (const layer of graph.layers) {
    const rows = affineRows(layer, shapes.get(layer.inputs[0] ?? layer.id)!);
    if (rows === null) continue;
    const biases = params[`${layer.id}.bias`];
    const weights = exactVector(params[`${layer.id}.weight`]!);
    affine.set(layer.id, { rows, weights, biases: biases === undefined ? null : exactVector(biases) });
  }
  return {
    graph,
    valuesAt(x) {
      const values = new Map<LayerId, ExactVector>();
      for (const layer of graph.layers) {
        const inputs = layer.inputs.map(id => values.get(id)!);
        values.set(layer.id, layer.kind === 'input' ? x : outputOf(layer, inputs, affine.get(layer.id)));
      }
      return values;
    },
    gradients(from, row, values) {
      const gradients = new Map<LayerId, ExactVector>([[from, { units: row, exponent: 0, divisor: 1n }]]);
      for (const layer of graph.layers.toReversed()) {
        const upstream = gradients.get(layer.id);
        if (upstream === undefined) continue;
        for (const id of layer.inputs) {
          const part = pulledBack(layer, upstream, values.get(id)!, sizeOf(shapes.get(id)!), affine.get(layer.id));
          const before = gradients.get(id);
          gradients.set(id, before === undefined ? part : sum(before, part));
        }
      }
      return gradients;
    },
  };
}

function outputOf(layer: Layer, inputs: readonly ExactVector[], affine: ExactAffine | undefined): ExactVector {
  const [first] = inputs as [ExactVector];
  switch (layer.kind) {
    case 'input':
    case 'flatten':
    case 'reshape':
      return first;
    case 'relu':
      return { ...first, units: first.units.map(units => (units > 0n ? units : 0n)) };
    case 'add':
      return inputs.slice(1).reduce(sum, first);
    case 'normalize':
      return normalized(layer, first);
    case 'dense':
    case 'conv2d':
      return applied(affine!, first);
  }
}

function applied({ rows, weights, biases }: ExactAffine, x: ExactVector): ExactVector {
  const units = rows.map(({ from, weight }) => {
    let total = 0n;
    for (let k = 0; k < from.length; k++) {
      const entry = x.units[from[k]!]!;
      if (entry !== 0n) total += entry * weights.units[weight[k]!]!;
    }
    return total;
  });
  const product = { units, exponent: x.exponent + weights.exponent, divisor: x.divisor };
  return biases === null ? product : sum(product, { ...biases, units: rows.map(({ bias }) => biases.units[bias]!) });
}

/** `(x − mean) / std`. */
function normalized(layer: LayerOf<'normalize'>, x: ExactVector): ExactVector {
  const minusMeans = exactVector(x.units.map((_, i) => -layer.mean[i % layer.mean.length]!));
  return divided(layer, sum(x, minusMeans));
}

/** Each entry over the deviation of its channel. */
function divided({ std }: LayerOf<'normalize'>, x: ExactVector): ExactVector {
  const deviations = exactVector(std);
  // Over the product of all: each entry is multiplied by those of the other channels.
  const product = deviations.units.reduce((all, own) => all * own, 1n);
  const factors = deviations.units.map(own => product / own);
  const units = x.units.map((entry, i) => entry * factors[i % std.length]!);
  return { units, exponent: x.exponent - deviations.exponent, divisor: x.divisor * product };
}

function pulledBack(
  layer: Layer,
  upstream: ExactVector,
  input: ExactVector,
  size: number,
  affine: ExactAffine | undefined,
): ExactVector {
  switch (layer.kind) {
    case 'input':
    case 'flatten':
    case 'reshape':
    case 'add':
      return upstream;
    case 'relu':
      return { ...upstream, units: upstream.units.map((units, i) => (input.units[i]! > 0n ? units : 0n)) };
    case 'normalize':
      return divided(layer, upstream);
    case 'dense':
    case 'conv2d': {
      const { rows, weights } = affine!;
      const units = new Array<bigint>(size).fill(0n);
      for (const [output, { from, weight }] of rows.entries()) {
        const entry = upstream.units[output]!;
        if (entry === 0n) continue;
        for (let k = 0; k < from.length; k++) units[from[k]!]! += entry * weights.units[weight[k]!]!;
      }
      return { units, exponent: upstream.exponent + weights.exponent, divisor: upstream.divisor };
    }
  }
}
