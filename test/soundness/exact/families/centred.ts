/** Biases that take off nearly all that the weights of their layer add up at the example. */
import type { LayerGraph } from '../../../../compiler/2-graph/layer.ts';
import { float32Network } from '../float32-network.ts';
import { sumRules } from '../float32-sum.ts';
import { type Next, normal, pick, whole } from './drawing.ts';

/** Changes the biases, layer by layer. For a convolution, at one position of each filter. */
export function centre(graph: LayerGraph, params: Record<string, Float32Array>, x: Float32Array, next: Next): void {
  const size = pick(next, [2 ** -20, 2 ** -10, 0.01, 1]);
  for (const { id, shape } of graph.layers) {
    const biases = params[`${id}.bias`];
    if (biases === undefined) continue;
    const values = float32Network(graph, params).valuesAt(x, sumRules[0]!).get(id)!;
    const positions = values.length / shape.at(-1)!;
    params[`${id}.bias`] = biases.map((bias, channel) => {
      const excess = values[whole(next, 0, positions - 1) * biases.length + channel]!;
      const scale = Math.abs(excess) * 2 ** -10 + size;
      const centred = Math.fround(bias - excess + scale * normal(next));
      return Number.isFinite(centred) ? centred : bias;
    });
  }
}
