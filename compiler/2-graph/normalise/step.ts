import { found } from '../../shared/assert.ts';
import type { LayerId } from '../../shared/ids.ts';
import type { Layer, LayerGraph } from '../layer.ts';

/**
 * Rewrites a graph into one that computes the same numbers, to the last bit, with fewer layers. Layers that stay keep their names,
 * shapes and places, and every nonlinearity stays: bounds go by their names.
 */
export interface Step {
  /** Its file, and how dumps call it. */
  readonly name: string;
  run(graph: LayerGraph): Rewritten;
}

export interface Rewritten {
  /** The same object when nothing was rewritten. */
  readonly graph: LayerGraph;
  /** What was done, one line for each layer concerned. */
  readonly changes: readonly string[];
}

/** Layers that give the numbers of their input another shape and do nothing else. */
export const isReshaping = ({ kind }: Layer): boolean => kind === 'reshape' || kind === 'flatten';

/** The graph with other layers under the same names, without those that the output no longer needs. */
export function withLayers(graph: LayerGraph, layers: readonly Layer[]): LayerGraph {
  const needed = new Set<LayerId>([graph.output]);
  for (const layer of layers.toReversed())
    if (needed.has(layer.id)) for (const input of layer.inputs) needed.add(input);
  return { ...graph, layers: layers.filter(({ id }) => needed.has(id)) };
}

/** Goes through the layers in order; `change` sees inputs as they have become, and says what it did, or null. */
export function rewriteLayers(
  graph: LayerGraph,
  change: (layer: Layer, inputs: readonly Layer[]) => { readonly layer: Layer; readonly said: string } | null,
): Rewritten {
  const done = new Map<LayerId, Layer>();
  const changes: string[] = [];
  for (const layer of graph.layers) {
    const inputs = layer.inputs.map(id => found(done.get(id), id));
    const changed = change(layer, inputs);
    if (changed !== null) changes.push(changed.said);
    done.set(layer.id, changed?.layer ?? layer);
  }
  return changes.length === 0 ? { graph, changes } : { graph: withLayers(graph, [...done.values()]), changes };
}
