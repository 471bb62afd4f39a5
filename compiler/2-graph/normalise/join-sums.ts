import type { LayerId } from '../../shared/ids.ts';
import { rewriteLayers, type Step } from './step.ts';

/**
 * A sum whose first operand is a sum that nothing else reads is one sum of all operands: float32 adds them in the same order.
 *
 * Saves:  one step of every walk, and one error share of every certificate.
 * Order:  after `dropReshapes`, which may have stood between the two.
 */
export const joinSums: Step = {
  name: 'joinSums',
  run(graph) {
    const readers = new Map<LayerId, number>([[graph.output, 1]]);
    for (const id of graph.layers.flatMap(({ inputs }) => inputs)) readers.set(id, (readers.get(id) ?? 0) + 1);
    return rewriteLayers(graph, (layer, [first]) => {
      if (layer.kind !== 'add' || first?.kind !== 'add' || readers.get(first.id) !== 1) return null;
      const inputs = [...first.inputs, ...layer.inputs.slice(1)];
      return { layer: { ...layer, inputs }, said: `${layer.id} adds up ${inputs.join(', ')}, without ${first.id}` };
    });
  },
};
