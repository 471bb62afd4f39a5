/** Forward passes in float32 as hardware may run them: one rule for all sums, or at every neuron the rule that an adversary likes best. */
import type { Layer, LayerGraph, LayerOf } from '../../../compiler/2-graph/layer.ts';
import type { LayerId } from '../../../compiler/shared/ids.ts';
import { type AffineRow, affineRows } from './affine-rows.ts';
import type { Params } from './exact-network.ts';
import { flushed, type SumRule, sumOfProducts, sumRules } from './float32-sum.ts';

export type Float32Values = ReadonlyMap<LayerId, Float32Array>;

/** Sign of what is wanted of each entry of each layer: −1 as small as can be, 1 as large; 0 or missing does not matter. */
export type Wishes = ReadonlyMap<LayerId, ArrayLike<number>>;

export interface Float32Network {
  /** Every layer's values at a float32 point, with the same rule everywhere. */
  valuesAt(x: Float32Array, how: SumRule): Float32Values;
  /** With the rule for each neuron that goes furthest to where it is wished to be. */
  adversarial(x: Float32Array, wishes: Wishes): Float32Values;
}

export function float32Network(graph: LayerGraph, params: Params): Float32Network {
  const shapes = new Map(graph.layers.map(({ id, shape }) => [id, shape]));
  const rows = new Map<LayerId, readonly Float32Row[]>();
  for (const layer of graph.layers) {
    const own = affineRows(layer, shapes.get(layer.inputs[0] ?? layer.id)!);
    const [weights, biases] = [params[`${layer.id}.weight`], params[`${layer.id}.bias`]];
    if (own !== null)
      rows.set(
        layer.id,
        own.map(row => withNumbers(row, weights!, biases)),
      );
  }
  const run = (
    x: Float32Array,
    choose: (layer: LayerId) => (entry: number, value: (how: SumRule) => number) => number,
  ) => {
    const values = new Map<LayerId, Float32Array>();
    for (const layer of graph.layers) {
      const inputs = layer.inputs.map(id => values.get(id)!);
      values.set(layer.id, layer.kind === 'input' ? x : outputOf(layer, inputs, rows.get(layer.id), choose(layer.id)));
    }
    return values;
  };
  return {
    valuesAt: (x, how) => run(x, () => (_, value) => value(how)),
    adversarial: (x, wishes) =>
      run(x, layer => (entry, value) => {
        const wish = wishes.get(layer)?.[entry] ?? 0;
        if (wish === 0) return value(sumRules[0]!);
        return sumRules.map(value).reduce((best, own) => (Number.isNaN(own) || (own - best) * wish > 0 ? own : best));
      }),
  };
}

interface Float32Row {
  readonly from: readonly number[];
  readonly weights: readonly number[];
  readonly bias: number | null;
}

const withNumbers = (
  { from, weight, bias }: AffineRow,
  weights: ArrayLike<number>,
  biases: ArrayLike<number> | undefined,
): Float32Row => ({
  from,
  weights: weight.map(place => Math.fround(weights[place]!)),
  bias: biases === undefined ? null : Math.fround(biases[bias]!),
});

type Choose = (entry: number, value: (how: SumRule) => number) => number;

function outputOf(
  layer: Layer,
  inputs: readonly Float32Array[],
  rows: readonly Float32Row[] | undefined,
  choose: Choose,
): Float32Array {
  const [first] = inputs as [Float32Array];
  switch (layer.kind) {
    case 'input':
    case 'flatten':
    case 'reshape':
      return first;
    case 'relu':
      return first.map(value => (value > 0 || Number.isNaN(value) ? value : 0));
    case 'add': {
      const ones = inputs.map(() => 1);
      return first.map((_, i) =>
        choose(i, how =>
          sumOfProducts(
            ones,
            inputs.map(input => input[i]!),
            null,
            how,
          ),
        ),
      );
    }
    case 'normalize':
      return first.map((value, i) => choose(i, how => normalized(layer, value, i % layer.std.length, how)));
    case 'dense':
    case 'conv2d':
      return Float32Array.from(rows!, ({ from, weights, bias }, i) => {
        const xs = from.map(place => first[place]!);
        return choose(i, how => sumOfProducts(weights, xs, bias, how));
      });
  }
}

/** Over the deviation, or times its inverse; the constants are float32 either way. */
function normalized(
  { mean, std }: LayerOf<'normalize'>,
  value: number,
  channel: number,
  { flush, fused }: SumRule,
): number {
  const settle = flush ? flushed : (own: number): number => own;
  const difference = settle(Math.fround(settle(value) - settle(Math.fround(mean[channel]!))));
  const deviation = std[channel]!;
  const quotient = fused ? difference / Math.fround(deviation) : difference * settle(Math.fround(1 / deviation));
  return settle(Math.fround(quotient));
}
