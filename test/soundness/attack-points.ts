/** Points of a network's ball that try to leave its bounds: samples, and projected gradient steps against margins and activations. */

import { hasRole } from '../../compiler/2-graph/roles.ts';
import type { LayerId } from '../../compiler/shared/ids.ts';
import { sizeOf } from '../../compiler/shared/shape.ts';
import type { RandomNetwork } from '../support/random-network.ts';
import type { LayerValues, PlainNetwork } from '../support/random-network-forward.ts';
import { bestResponse, isInBall, samplePoints } from '../support/sample-ball.ts';

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
  /** A point outside would refute nothing, and a good bound would look wrong. */
  const valuesAt = (point: Float64Array): LayerValues => {
    if (!isInBall(graph.ball, x, point)) throw new Error(`the check itself left the ball: ${[...point].join(' ')}`);
    return plain.valuesAt(point);
  };
  const sampled = samplePoints(graph.ball, x, effort.samples, next);
  for (const point of sampled) yield valuesAt(point);

  function* climb(layer: LayerId, row: Float64Array): Generator<LayerValues> {
    let point = sampled[Math.floor(next() * sampled.length)]!;
    for (let step = 0; step < effort.steps; step++) {
      const gradient = plain.pullBack(layer, row, valuesAt(point));
      const target = bestResponse(graph.ball, x, gradient);
      // All the way first, then part of the way: between the corners lie other pieces of the network. One share for all
      // entries, because only the segment between two points of a ball is known to stay in it.
      const share = step === 0 ? 1 : 1 - next() ** 3;
      point = share === 1 ? target : point.map((entry, i) => entry + (target[i]! - entry) * share);
      yield valuesAt(point);
    }
    const last = plain.pullBack(layer, row, valuesAt(point));
    yield valuesAt(bestResponse(graph.ball, x, last));
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
    if (!hasRole(layer, 'nonlinearity')) continue;
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
