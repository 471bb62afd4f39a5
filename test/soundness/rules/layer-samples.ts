/** Layers with their inputs' shapes and parameters, of every kind that random networks have: what single rules are checked on. */
import fc from 'fast-check';
import type { Layer } from '../../../compiler/2-graph/layer.ts';
import type { Shape } from '../../../compiler/shared/shape.ts';
import type { Params } from '../../support/layer-meaning.ts';
import { randomNetwork } from '../../support/random-network.ts';

export interface LayerSample {
  readonly layer: Layer;
  readonly inputShapes: readonly Shape[];
  readonly params: Params;
}

/** Up to `most` layers of each kind. */
export function layerSamples(
  seed: number,
  networks: number,
  most: number,
): ReadonlyMap<string, readonly LayerSample[]> {
  const samples = new Map<string, LayerSample[]>();
  for (const { graph, params } of fc.sample(randomNetwork, { seed, numRuns: networks })) {
    const shapes = new Map(graph.layers.map(({ id, shape }) => [id, shape]));
    for (const layer of graph.layers) {
      const own = samples.get(layer.kind) ?? [];
      samples.set(layer.kind, own);
      if (own.length < most) own.push({ layer, inputShapes: layer.inputs.map(id => shapes.get(id)!), params });
    }
  }
  return samples;
}
