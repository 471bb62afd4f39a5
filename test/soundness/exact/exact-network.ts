/** A network in exact arithmetic: the values of every layer at a rational point, and the signs of gradients there. */
import type { Layer, LayerGraph, LayerOf } from '../../../compiler/2-graph/layer.ts';
import { assertNever } from '../../../compiler/shared/assert.ts';
import type { LayerId } from '../../../compiler/shared/ids.ts';
import { type Shape, sizeOf } from '../../../compiler/shared/shape.ts';
import { joinedEntries } from '../../support/joined-entries.ts';
import { pooledEntries } from '../../support/pooled-entries.ts';
import { type AffineRow, affineRows } from './affine-rows.ts';
import { allAligned, type ExactVector, exactVector, sum } from './exact-vector.ts';

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
        const inputShapes = layer.inputs.map(id => shapes.get(id)!);
        values.set(layer.id, layer.kind === 'input' ? x : outputOf(layer, inputs, inputShapes, affine.get(layer.id)));
      }
      return values;
    },
    gradients(from, row, values) {
      const gradients = new Map<LayerId, ExactVector>([[from, { units: row, exponent: 0, divisor: 1n }]]);
      for (const layer of graph.layers.toReversed()) {
        const upstream = gradients.get(layer.id);
        if (upstream === undefined) continue;
        const inputShapes = layer.inputs.map(id => shapes.get(id)!);
        for (const [operand, id] of layer.inputs.entries()) {
          const part = pulledBack(layer, upstream, {
            operand,
            inputShapes,
            input: values.get(id)!,
            affine: affine.get(layer.id),
          });
          const before = gradients.get(id);
          gradients.set(id, before === undefined ? part : sum(before, part));
        }
      }
      return gradients;
    },
  };
}

function outputOf(
  layer: Layer,
  inputs: readonly ExactVector[],
  inputShapes: readonly Shape[],
  affine: ExactAffine | undefined,
): ExactVector {
  const [first] = inputs as [ExactVector];
  switch (layer.kind) {
    case 'input':
    case 'flatten':
    case 'reshape':
      return first;
    case 'relu':
      return { ...first, units: first.units.map(units => (units > 0n ? units : 0n)) };
    case 'leakyRelu':
      return timesSlopes(layer, first, first);
    case 'add':
      return inputs.slice(1).reduce(sum, first);
    case 'concat': {
      const operands = allAligned(inputs);
      const units = joinedEntries(inputShapes).map(({ operand, entry }) => operands[operand]!.units[entry]!);
      return { ...operands[0]!, units };
    }
    case 'averagePool2d':
      return averages(layer, inputShapes[0]!, first);
    case 'normalize':
      return normalized(layer, first);
    case 'dense':
    case 'conv2d':
      return applied(affine!, first);
    default:
      return assertNever(layer);
  }
}

/** 1 where `at` is positive, else the slope below 0. */
function timesSlopes({ negativeSlope }: LayerOf<'leakyRelu'>, x: ExactVector, at: ExactVector): ExactVector {
  const { units: slopes, exponent } = exactVector([1, negativeSlope]);
  const units = x.units.map((entry, i) => entry * slopes[at.units[i]! > 0n ? 0 : 1]!);
  return { units, exponent: x.exponent + exponent, divisor: x.divisor };
}

function averages(layer: LayerOf<'averagePool2d'>, inputShape: Shape, x: ExactVector): ExactVector {
  const pools = pooledEntries(layer, inputShape);
  const { common, shareOf } = sharesOf(pools.map(({ count }) => count));
  const units = pools.map(({ from, count }) => from.reduce((sum, place) => sum + x.units[place]!, 0n) * shareOf(count));
  return { ...x, units, divisor: x.divisor * common };
}

/** `1/count` is `shareOf(count) / common`. */
function sharesOf(counts: readonly number[]): { readonly common: bigint; readonly shareOf: (count: number) => bigint } {
  const common = [...new Set(counts)].reduce((product, count) => product * BigInt(count), 1n);
  return { common, shareOf: count => common / BigInt(count) };
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

interface Pulled {
  /** Which of the layer's inputs it is. */
  readonly operand: number;
  readonly inputShapes: readonly Shape[];
  readonly input: ExactVector;
  readonly affine: ExactAffine | undefined;
}

function pulledBack(layer: Layer, upstream: ExactVector, { operand, inputShapes, input, affine }: Pulled): ExactVector {
  const size = sizeOf(inputShapes[operand] ?? layer.shape);
  switch (layer.kind) {
    case 'input':
    case 'flatten':
    case 'reshape':
    case 'add':
      return upstream;
    case 'relu':
      return { ...upstream, units: upstream.units.map((units, i) => (input.units[i]! > 0n ? units : 0n)) };
    case 'leakyRelu':
      return timesSlopes(layer, upstream, input);
    case 'concat': {
      const own = joinedEntries(inputShapes).map(joined => joined.operand === operand);
      return { ...upstream, units: upstream.units.filter((_, i) => own[i]) };
    }
    case 'averagePool2d': {
      const pools = pooledEntries(layer, inputShapes[0]!);
      const { common, shareOf } = sharesOf(pools.map(({ count }) => count));
      const units = new Array<bigint>(size).fill(0n);
      for (const [output, { from, count }] of pools.entries())
        for (const place of from) units[place]! += upstream.units[output]! * shareOf(count);
      return { ...upstream, units, divisor: upstream.divisor * common };
    }
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
    default:
      return assertNever(layer);
  }
}
