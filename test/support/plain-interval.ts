/**
 * Interval arithmetic on a plain network, in the textbook form: a positive weight takes an end to the same end, a negative one to
 * the other. It shares no code and no formula with the compiler, which carries a centre and a radius.
 */
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import type { LayerId } from '../../compiler/shared/ids.ts';
import type { PlainNetwork } from './random-network-forward.ts';
import { bestResponse, boxAround } from './sample-ball.ts';

export type Ends = readonly [lower: Float64Array, upper: Float64Array];

/** Both ends of every layer's output, from the smallest box around the ball. */
export function plainIntervals(graph: LayerGraph, { maps }: PlainNetwork, x: Float64Array): ReadonlyMap<LayerId, Ends> {
  const ends = new Map<LayerId, Ends>();
  for (const layer of graph.layers) {
    const inputs = layer.inputs.map(id => ends.get(id)!);
    const map = maps.get(layer.id);
    if (layer.kind === 'input') ends.set(layer.id, boxAround(graph.ball, x));
    else if (map !== undefined) {
      const [lower, upper] = [map.bias.slice(), map.bias.slice()];
      map.weight.forEach((weight, i) => {
        const [low, high] = [inputs[0]![0][map.from[i]!]!, inputs[0]![1][map.from[i]!]!];
        lower[map.to[i]!]! += weight * (weight > 0 ? low : high);
        upper[map.to[i]!]! += weight * (weight > 0 ? high : low);
      });
      ends.set(layer.id, [lower, upper]);
    } else {
      const merge = (end: 0 | 1): Float64Array =>
        inputs[0]![end].map((value, i) =>
          layer.kind === 'relu' ? Math.max(0, value) : inputs.reduce((sum, input) => sum + input[end][i]!, 0),
        );
      ends.set(layer.id, [merge(0), merge(1)]);
    }
  }
  return ends;
}

/**
 * Least value of `row · output` when the outputs of the nearest nonlinearities are anywhere between their ends, and the input
 * anywhere in the ball itself.
 */
export function leastOfRow(
  graph: LayerGraph,
  { maps }: PlainNetwork,
  ends: ReadonlyMap<LayerId, Ends>,
  x: Float64Array,
  row: Float64Array,
): number {
  const weights = new Map<LayerId, Float64Array>([[graph.output, row]]);
  let least = 0;
  for (const layer of graph.layers.toReversed()) {
    const own = weights.get(layer.id);
    if (own === undefined) continue;
    if (layer.kind === 'input' || layer.kind === 'relu') {
      const [lower, upper] = ends.get(layer.id)!;
      const worst =
        layer.kind === 'input'
          ? bestResponse(
              graph.ball,
              x,
              own.map(weight => -weight),
            )
          : own.map((weight, i) => (weight > 0 ? lower : upper)[i]!);
      least += own.reduce((sum, weight, i) => sum + weight * worst[i]!, 0);
      continue;
    }
    const map = maps.get(layer.id);
    for (const id of layer.inputs) {
      const before = weights.get(id) ?? new Float64Array(ends.get(id)![0].length);
      weights.set(id, before);
      if (map === undefined)
        own.forEach((weight, i) => {
          before[i]! += weight;
        });
      else
        map.weight.forEach((weight, i) => {
          before[map.from[i]!]! += weight * own[map.to[i]!]!;
        });
    }
    map?.bias.forEach((entry, i) => {
      least += entry * own[i]!;
    });
  }
  return least;
}
