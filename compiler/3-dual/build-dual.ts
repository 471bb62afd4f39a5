/** Layer graph → dual network: one bound per nonlinearity input, in topological order, and one for the margins. */
import type { LayerGraph } from '../2-graph/layer.ts';
import { hasRole } from '../2-graph/roles.ts';
import { found } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import { sizeOf } from '../shared/shape.ts';
import { buildWalks } from './build-walks.ts';
import type { Bound, DualNetwork } from './dual.ts';
import { receptiveFields } from './receptive-fields.ts';

export function buildDual(graph: LayerGraph): DualNetwork {
  const layers = new Map(graph.layers.map(layer => [layer.id, layer]));
  const walks = buildWalks(graph);
  const boundOfNonlinearity = new Map<LayerId, string>();
  const boundOfLayer = new Map<LayerId, string>();
  const bounds: Bound[] = [];
  for (const layer of graph.layers) {
    if (!hasRole(layer, 'nonlinearity')) continue;
    const of = found(layer.inputs[0], `input of ${layer.id}`);
    const shared = boundOfLayer.get(of);
    if (shared === undefined) {
      bounds.push(boundOf(layer.id, of, 'identity'));
      boundOfLayer.set(of, layer.id);
    }
    boundOfNonlinearity.set(layer.id, shared ?? layer.id);
  }
  bounds.push(boundOf('margins', graph.output, 'margins'));
  return { graph, layers, bounds, boundOfNonlinearity };

  function boundOf(name: string, of: LayerId, rows: Bound['rows']): Bound {
    const walk = found(walks.get(of), `walk of ${of}`);
    return {
      name,
      of,
      rows,
      rowCount: sizeOf(found(layers.get(of), of).shape),
      walk,
      get fields() {
        return rows === 'identity' ? receptiveFields(layers, { of, walk }) : null;
      },
    };
  }
}
