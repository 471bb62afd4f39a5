/** The parts of a network that one nonlinearity after the other ends: where every path to the logits passes it. */
import type { Layer } from '../../2-graph/layer.ts';
import { hasRole } from '../../2-graph/roles.ts';
import { found } from '../../shared/assert.ts';
import type { LayerId } from '../../shared/ids.ts';

/** For each layer the nonlinearity that ends its part; layers behind the last of them have none. */
export function forwardParts(layers: readonly Layer[]): ReadonlyMap<LayerId, LayerId> {
  const places = new Map(layers.map(({ id }, place) => [id, place]));
  const ends = new Map<LayerId, LayerId>();
  let end: LayerId | null = null;
  /** The first layer that those behind read. */
  let earliest = Number.POSITIVE_INFINITY;
  for (const [place, layer] of [...layers.entries()].toReversed()) {
    if (hasRole(layer, 'nonlinearity') && earliest >= place && earliest < Number.POSITIVE_INFINITY) end = layer.id;
    if (end !== null) ends.set(layer.id, end);
    for (const input of layer.inputs) earliest = Math.min(earliest, found(places.get(input), `place of ${input}`));
  }
  return ends;
}
