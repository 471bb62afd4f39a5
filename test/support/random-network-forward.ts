/**
 * A network as explicit sparse matrices and curves, made from the meaning of its layers and from no code of the compiler: the oracle
 * of the soundness tests. Values of one point, the gradient of a row, and how large a rounding error may be.
 */
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import { assertNever } from '../../compiler/shared/assert.ts';
import type { LayerId } from '../../compiler/shared/ids.ts';
import { sizeOf } from '../../compiler/shared/shape.ts';
import { type Meaning, meaningOf, type Params, type SparseMap } from './layer-meaning.ts';

export type LayerValues = ReadonlyMap<LayerId, Float64Array>;

export interface PlainNetwork {
  readonly meanings: ReadonlyMap<LayerId, Meaning>;
  /** The output of every layer at one point. */
  valuesAt(x: Float64Array): LayerValues;
  /** Gradient for the input of `row · output of layer`, at the point whose values are given. */
  pullBack(layer: LayerId, row: Float64Array, values: LayerValues): Float64Array;
  /** For every layer, an upper bound of the sum of the sizes of all that is added up in it, when inputs are at most `size`. */
  magnitudes(size: Float64Array): LayerValues;
}

export function plainNetwork(graph: LayerGraph, params: Params): PlainNetwork {
  const shapes = new Map(graph.layers.map(({ id, shape }) => [id, shape]));
  const shapeOf = (id: LayerId): readonly number[] => shapes.get(id)!;
  const meanings = new Map(
    graph.layers.map(layer => [layer.id, meaningOf(layer, layer.inputs.map(shapeOf), params)] as const),
  );
  const run = (x: Float64Array, output: (meaning: Meaning, inputs: readonly Float64Array[]) => Float64Array) => {
    const values = new Map<LayerId, Float64Array>();
    for (const { id, inputs } of graph.layers) {
      const meaning = meanings.get(id)!;
      const own = inputs.map(input => values.get(input)!);
      values.set(id, meaning.kind === 'input' ? x : output(meaning, own));
    }
    return values;
  };
  return {
    meanings,
    valuesAt: x => run(x, outputOf),
    magnitudes: size => run(size, sizesOf),
    pullBack(start, row, values) {
      const gradients = new Map<LayerId, Float64Array>([[start, row]]);
      for (const { id, inputs } of graph.layers.toReversed()) {
        const upstream = gradients.get(id);
        if (upstream === undefined) continue;
        for (const [operand, input] of inputs.entries()) {
          const gradient = gradients.get(input) ?? new Float64Array(sizeOf(shapeOf(input)));
          gradients.set(input, gradient);
          addPulledBack(gradient, upstream, meanings.get(id)!, operand, values.get(input)!);
        }
      }
      return gradients.get(graph.input) ?? new Float64Array(sizeOf(shapeOf(graph.input)));
    },
  };
}

function outputOf(meaning: Meaning, inputs: readonly Float64Array[]): Float64Array {
  const [first] = inputs as [Float64Array];
  switch (meaning.kind) {
    case 'input':
      return first;
    case 'matrix':
      return applied(meaning.map, first);
    case 'curve':
      return first.map(meaning.curve.value);
    case 'sum':
      return summed(inputs);
    case 'joined':
      return Float64Array.from(meaning.entries, ({ operand, entry }) => inputs[operand]![entry]!);
    default:
      return assertNever(meaning);
  }
}

/** Curves are at most as large as what they are of: none that is larger is known. */
function sizesOf(meaning: Meaning, inputs: readonly Float64Array[]): Float64Array {
  switch (meaning.kind) {
    case 'curve':
      return inputs[0]!;
    case 'matrix': {
      const { map } = meaning;
      return applied({ ...map, weight: map.weight.map(Math.abs), bias: map.bias.map(Math.abs) }, inputs[0]!);
    }
    case 'input':
    case 'sum':
    case 'joined':
      return outputOf(meaning, inputs);
    default:
      return assertNever(meaning);
  }
}

function applied({ to, from, weight, bias }: SparseMap, x: Float64Array): Float64Array {
  const result = bias.slice();
  to.forEach((row, i) => {
    result[row]! += weight[i]! * x[from[i]!]!;
  });
  return result;
}

const summed = (inputs: readonly Float64Array[]): Float64Array =>
  inputs[0]!.map((_, i) => inputs.reduce((sum, input) => sum + input[i]!, 0));

/** Adds what the layer sends back to one of its operands, whose value is given. */
export function addPulledBack(
  gradient: Float64Array,
  upstream: Float64Array,
  meaning: Meaning,
  operand: number,
  value: Float64Array,
): void {
  switch (meaning.kind) {
    case 'input':
      return;
    case 'matrix':
      meaning.map.from.forEach((from, i) => {
        gradient[from]! += meaning.map.weight[i]! * upstream[meaning.map.to[i]!]!;
      });
      return;
    case 'curve':
      upstream.forEach((entry, i) => {
        gradient[i]! += entry * meaning.curve.slope(value[i]!);
      });
      return;
    case 'sum':
      upstream.forEach((entry, i) => {
        gradient[i]! += entry;
      });
      return;
    case 'joined':
      meaning.entries.forEach((joined, i) => {
        if (joined.operand === operand) gradient[joined.entry]! += upstream[i]!;
      });
      return;
    default:
      assertNever(meaning);
  }
}
