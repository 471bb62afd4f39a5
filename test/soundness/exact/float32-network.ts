/** Forward passes in float32 as hardware may run them: one rule for all sums, or at every neuron the rule that an adversary likes best. */
import type { Layer, LayerGraph, LayerOf } from '../../../compiler/2-graph/layer.ts';
import { assertNever } from '../../../compiler/shared/assert.ts';
import type { LayerId } from '../../../compiler/shared/ids.ts';
import type { Shape } from '../../../compiler/shared/shape.ts';
import { joinedEntries } from '../../support/joined-entries.ts';
import { pooledEntries } from '../../support/pooled-entries.ts';
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
      const inputShapes = layer.inputs.map(id => shapes.get(id)!);
      const own = { rows: rows.get(layer.id), inputShapes, choose: choose(layer.id) };
      values.set(layer.id, layer.kind === 'input' ? x : outputOf(layer, inputs, own));
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

interface Own {
  readonly rows: readonly Float32Row[] | undefined;
  readonly inputShapes: readonly Shape[];
  readonly choose: Choose;
}

function outputOf(layer: Layer, inputs: readonly Float32Array[], { rows, inputShapes, choose }: Own): Float32Array {
  const [first] = inputs as [Float32Array];
  switch (layer.kind) {
    case 'input':
    case 'flatten':
    case 'reshape':
      return first;
    case 'relu':
      return first.map(value => (value > 0 || Number.isNaN(value) ? value : 0));
    case 'leakyRelu':
      return first.map((value, i) => (value > 0 ? value : choose(i, how => product(value, layer.negativeSlope, how))));
    case 'concat':
      return Float32Array.from(joinedEntries(inputShapes), ({ operand, entry }) => inputs[operand]![entry]!);
    case 'averagePool2d':
      return Float32Array.from(pooledEntries(layer, inputShapes[0]!), ({ from, count }, i) =>
        choose(i, how =>
          average(
            from.map(place => first[place]!),
            count,
            how,
          ),
        ),
      );
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
    default:
      return assertNever(layer);
  }
}

function product(a: number, b: number, { flush }: SumRule): number {
  const settle = settleBy(flush);
  return settle(Math.fround(settle(a) * settle(b)));
}

/** The sum of all entries, over their count or times its inverse, which is a float32 number then. */
function average(entries: readonly number[], count: number, how: SumRule): number {
  const settle = settleBy(how.flush);
  const sum = sumOfProducts(
    entries.map(() => 1),
    entries,
    null,
    how,
  );
  return settle(Math.fround(how.fused ? sum / count : sum * Math.fround(1 / count)));
}

const settleBy = (flush: boolean): ((value: number) => number) => (flush ? flushed : value => value);

/** Over the deviation, or times its inverse; the constants are float32 either way. */
function normalized(
  { mean, std }: LayerOf<'normalize'>,
  value: number,
  channel: number,
  { flush, fused }: SumRule,
): number {
  const settle = settleBy(flush);
  const difference = settle(Math.fround(settle(value) - settle(Math.fround(mean[channel]!))));
  const deviation = std[channel]!;
  const quotient = fused ? difference / Math.fround(deviation) : difference * settle(Math.fround(1 / deviation));
  return settle(Math.fround(quotient));
}
