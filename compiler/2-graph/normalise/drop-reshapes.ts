import { found } from '../../shared/assert.ts';
import type { LayerId } from '../../shared/ids.ts';
import { sameShape } from '../../shared/shape.ts';
import type { Layer, LayerGraph } from '../layer.ts';
import { hasRole } from '../roles.ts';
import { isReshaping, type Rewritten, type Step, withLayers } from './step.ts';

/**
 * A reshape to the shape that its input has, such as `flatten` of a vector, goes: what reads it reads its input.
 *
 * It stays where its readers and those of its input would come to share a bound that had two names, and at the output.
 *
 * Saves:  one tensor operation of every program and of every row that walks back through it.
 * Order:  after `joinReshapes`.
 */
export const dropReshapes: Step = {
  name: 'dropReshapes',
  run(graph): Rewritten {
    const replaced = new Map<LayerId, LayerId>();
    const bounded = boundedLayers(graph);
    const shapes = new Map(graph.layers.map(({ id, shape }) => [id, shape]));
    const layers: Layer[] = [];
    for (const layer of graph.layers) {
      const inputs = layer.inputs.map(id => replaced.get(id) ?? id);
      const [input] = inputs;
      const goes =
        input !== undefined &&
        isReshaping(layer) &&
        layer.id !== graph.output &&
        sameShape(layer.shape, found(shapes.get(input), input)) &&
        !(bounded.has(layer.id) && bounded.has(input));
      if (goes) {
        replaced.set(layer.id, input);
        if (bounded.has(layer.id)) bounded.add(input);
      } else layers.push({ ...layer, inputs });
    }
    if (replaced.size === 0) return { graph, changes: [] };
    const changes = [...replaced].map(([layer, input]) => `${layer} is ${input} itself`);
    return { graph: withLayers(graph, layers), changes };
  },
};

/** Layers whose output a nonlinearity reads. */
const boundedLayers = ({ layers }: LayerGraph): Set<LayerId> =>
  new Set(layers.filter(layer => hasRole(layer, 'nonlinearity')).flatMap(({ inputs }) => inputs));
