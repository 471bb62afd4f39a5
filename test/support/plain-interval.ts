/**
 * Interval arithmetic on a plain network, in the textbook form: a positive weight takes an end to the same end, a negative one to
 * the other. It shares no code and no formula with the compiler, which carries a centre and a radius.
 */
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import { assertNever } from '../../compiler/shared/assert.ts';
import type { LayerId } from '../../compiler/shared/ids.ts';
import type { Meaning } from './layer-meaning.ts';
import { addPulledBack, type PlainNetwork } from './random-network-forward.ts';
import { bestResponse, boxAround } from './sample-ball.ts';

export type Ends = readonly [lower: Float64Array, upper: Float64Array];

/** Both ends of every layer's output, from the smallest box around the ball. */
export function plainIntervals(
  graph: LayerGraph,
  { meanings }: PlainNetwork,
  x: Float64Array,
): ReadonlyMap<LayerId, Ends> {
  const ends = new Map<LayerId, Ends>();
  for (const { id, inputs } of graph.layers) {
    const meaning = meanings.get(id)!;
    const own = inputs.map(input => ends.get(input)!);
    ends.set(id, meaning.kind === 'input' ? boxAround(graph.ball, x) : endsOf(meaning, own));
  }
  return ends;
}

function endsOf(meaning: Meaning, inputs: readonly Ends[]): Ends {
  const [first] = inputs as [Ends];
  const both = (end: (side: 0 | 1) => Float64Array): Ends => [end(0), end(1)];
  switch (meaning.kind) {
    case 'input':
      return first;
    case 'matrix': {
      const { map } = meaning;
      const [lower, upper] = [map.bias.slice(), map.bias.slice()];
      map.weight.forEach((weight, i) => {
        const [low, high] = [first[0][map.from[i]!]!, first[1][map.from[i]!]!];
        lower[map.to[i]!]! += weight * (weight > 0 ? low : high);
        upper[map.to[i]!]! += weight * (weight > 0 ? high : low);
      });
      return [lower, upper];
    }
    case 'curve':
      return both(side => first[0].map((low, i) => meaning.curve.image(low, first[1][i]!)[side]));
    case 'sum':
      return both(side => first[side].map((_, i) => inputs.reduce((sum, input) => sum + input[side][i]!, 0)));
    case 'joined':
      return both(side => Float64Array.from(meaning.entries, ({ operand, entry }) => inputs[operand]![side][entry]!));
    default:
      return assertNever(meaning);
  }
}

/**
 * Least value of `row · output` when the outputs of the nearest nonlinearities are anywhere between their ends, and the input
 * anywhere in the ball itself.
 */
export function leastOfRow(
  graph: LayerGraph,
  { meanings }: PlainNetwork,
  ends: ReadonlyMap<LayerId, Ends>,
  x: Float64Array,
  row: Float64Array,
): number {
  const weights = new Map<LayerId, Float64Array>([[graph.output, row]]);
  let least = 0;
  for (const { id, inputs } of graph.layers.toReversed()) {
    const own = weights.get(id);
    if (own === undefined) continue;
    const meaning = meanings.get(id)!;
    if (meaning.kind === 'input' || meaning.kind === 'curve') {
      const [lower, upper] = ends.get(id)!;
      const away = own.map(weight => -weight);
      const worst =
        meaning.kind === 'input'
          ? bestResponse(graph.ball, x, away)
          : own.map((weight, i) => (weight > 0 ? lower : upper)[i]!);
      least += own.reduce((sum, weight, i) => sum + weight * worst[i]!, 0);
      continue;
    }
    for (const [operand, input] of inputs.entries()) {
      const before = weights.get(input) ?? new Float64Array(ends.get(input)![0].length);
      weights.set(input, before);
      addPulledBack(before, own, meaning, operand, before);
    }
    if (meaning.kind === 'matrix')
      meaning.map.bias.forEach((entry, i) => {
        least += entry * own[i]!;
      });
  }
  return least;
}
