/**
 * How often float32 rounds what each layer of a network adds up. A plan that certifies has it for every layer that a walk meets; its
 * verifier refuses one that has not.
 */
import type { Layer, LayerGraph } from '../2-graph/layer.ts';
import type { Roundings } from '../layers/definition.ts';
import { definitionOf } from '../layers/registry.ts';
import { mostTerms } from '../shared/float32.ts';
import type { LayerId } from '../shared/ids.ts';
import { sizeOf } from '../shared/shape.ts';
import { BoundsRequestError } from './bounds-request.ts';

export interface RoundingTerms extends Roundings {
  /** Layers that read this one, a layer that reads it twice counted twice: as many duals are added up here. */
  readonly readers: number;
}

export type RoundingTable = ReadonlyMap<LayerId, RoundingTerms>;

/** Throws `BoundsRequestError` naming the layer when float32 cannot add up that much with a useful bound on its error. */
export function roundingTable({ layers }: LayerGraph): RoundingTable {
  const shapes = new Map(layers.map(({ id, shape }) => [id, shape]));
  const readers = new Map<LayerId, number>();
  for (const input of layers.flatMap(({ inputs }) => inputs)) readers.set(input, (readers.get(input) ?? 0) + 1);
  const termsOf = (layer: Layer): RoundingTerms => {
    const inputShape = shapes.get(layer.inputs[0] ?? layer.id) ?? layer.shape;
    const terms = definitionOf(layer.kind).roundings(layer, inputShape);
    // Norms add up all of a layer's entries, and so does what flushing may cost.
    const most = Math.max(terms.forward, terms.backward, sizeOf(layer.shape));
    if (most > mostTerms)
      throw new BoundsRequestError(
        `${layer.id} adds up ${most} terms; float32 sums of more than ${mostTerms} have no useful bound on their error`,
      );
    return { ...terms, readers: readers.get(layer.id) ?? 0 };
  };
  return new Map(layers.map(layer => [layer.id, termsOf(layer)]));
}
