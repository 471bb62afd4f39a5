/** Points of a network's ball that try to leave its bounds: samples, and projected gradient steps against margins and activations. */

import type { LayerId } from '../../compiler/shared/ids.ts';
import { sizeOf } from '../../compiler/shared/shape.ts';
import type { RandomNetwork } from '../support/random-network.ts';
import type { LayerValues, PlainNetwork } from '../support/random-network-forward.ts';
import { bestResponse, samplePoints } from '../support/sample-ball.ts';

export interface Effort {
  /** Sampled points per example. */
  readonly samples: number;
  /** Neurons attacked per nonlinearity and example, each in both directions. */
  readonly neurons: number;
  /** Steps of an attack; each goes to the point of the ball that is best for the present gradient. */
  readonly steps: number;
}

/** Every layer's values at each point around example `index`. */
export function* attackedValues(
  { graph, labels }: RandomNetwork,
  plain: PlainNetwork,
  x: Float64Array,
  index: number,
  effort: Effort,
  next: () => number,
): Generator<LayerValues> {
  const sampled = samplePoints(graph.ball, x, effort.samples, next);
  for (const point of sampled) yield plain.valuesAt(point);

  function* climb(layer: LayerId, row: Float64Array): Generator<LayerValues> {
    let point = sampled[Math.floor(next() * sampled.length)]!;
    for (let step = 0; step < effort.steps; step++) {
      const gradient = plain.pullBack(layer, row, plain.valuesAt(point));
      const target = bestResponse(graph.ball, x, gradient);
      // All the way first, then halfway back and on: between the corners lie other pieces of the network.
      point = step === 0 ? target : point.map((entry, i) => entry + (target[i]! - entry) * (1 - next() ** 3));
      yield plain.valuesAt(point);
    }
    const last = plain.pullBack(layer, row, plain.valuesAt(point));
    yield plain.valuesAt(bestResponse(graph.ball, x, last));
  }

  const output = graph.layers.find(({ id }) => id === graph.output)!;
  const classes = sizeOf(output.shape);
  const label = labels[index]!;
  for (let other = 0; other < classes; other++) {
    if (other === label) continue;
    const row = new Float64Array(classes);
    row[other] = 1;
    row[label] = -1;
    yield* climb(output.id, row);
  }
  for (const layer of graph.layers) {
    if (layer.kind !== 'relu') continue;
    const size = sizeOf(layer.shape);
    for (let count = 0; count < Math.min(size, effort.neurons); count++) {
      const neuron = size <= effort.neurons ? count : Math.floor(next() * size);
      for (const sign of [1, -1]) {
        const row = new Float64Array(size);
        row[neuron] = sign;
        yield* climb(layer.inputs[0]!, row);
      }
    }
  }
}
