/** Layer graph → dual network: one bound per nonlinearity input, in topological order, and one for the margins. */
import type { Layer, LayerGraph } from '../2-graph/layer.ts';
import { assertNever, found } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import { sizeOf } from '../shared/shape.ts';
import type { Bound, DualNetwork, DualStep } from './dual.ts';
import { receptiveFields } from './receptive-fields.ts';

export function buildDual(graph: LayerGraph): DualNetwork {
  const layers = new Map(graph.layers.map(layer => [layer.id, layer]));
  const boundOfNonlinearity = new Map<LayerId, string>();
  const boundOfLayer = new Map<LayerId, string>();
  const bounds: Bound[] = [];
  for (const layer of graph.layers) {
    if (layer.kind !== 'relu') continue;
    const of = found(layer.inputs[0], `input of ${layer.id}`);
    const shared = boundOfLayer.get(of);
    if (shared === undefined) {
      bounds.push(boundOf(layer.id, of, 'identity'));
      boundOfLayer.set(of, layer.id);
    }
    boundOfNonlinearity.set(layer.id, shared ?? layer.id);
  }
  bounds.push(boundOf('margins', graph.output, 'margins'));
  return { graph, bounds, boundOfNonlinearity };

  function boundOf(name: string, of: LayerId, rows: Bound['rows']): Bound {
    const walk = walkBack(graph, of);
    const needs = walk.flatMap(step =>
      step.kind === 'band' ? [found(boundOfNonlinearity.get(step.of), `bound of ${step.of}`)] : [],
    );
    const rowCount = sizeOf(found(layers.get(of), of).shape);
    const fields = rows === 'identity' ? receptiveFields(graph, { of, walk }) : null;
    return { name, of, rows, rowCount, needs: [...new Set(needs)], walk, fields };
  }
}

/** Every layer that `start` depends on, once, in reverse topological order, with what its dual does there. */
function walkBack(graph: LayerGraph, start: LayerId): DualStep[] {
  const senders = new Map<LayerId, LayerId[]>([[start, []]]);
  const steps: DualStep[] = [];
  for (const layer of graph.layers.toReversed()) {
    const from = senders.get(layer.id);
    if (from === undefined) continue;
    if (from.length > 1) steps.push({ kind: 'sum', of: layer.id, from });
    steps.push(stepAt(layer));
    for (const input of layer.inputs) senders.set(input, [...(senders.get(input) ?? []), layer.id]);
  }
  return steps;
}

function stepAt(layer: Layer): DualStep {
  const first = (): LayerId => found(layer.inputs[0], `input of ${layer.id}`);
  switch (layer.kind) {
    case 'input':
      return { kind: 'ball', of: layer.id };
    case 'relu':
      return { kind: 'band', of: layer.id, to: first(), reads: first() };
    case 'add':
      return { kind: 'copy', of: layer.id, to: layer.inputs };
    case 'conv2d':
    case 'dense':
    case 'flatten':
    case 'reshape':
    case 'normalize':
      return { kind: 'transpose', of: layer.id, to: first() };
    default:
      return assertNever(layer);
  }
}
