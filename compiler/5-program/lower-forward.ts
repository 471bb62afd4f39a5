/** The network itself: logits of `x`. */
import type { Layer, LayerGraph } from '../2-graph/layer.ts';
import { assertNever, found } from '../shared/assert.ts';
import type { LayerId, ValueId } from '../shared/ids.ts';
import { createBuilder, type ProgramBuilder } from './builder.ts';
import { batch } from './dim.ts';
import { applyLayer } from './lower/apply-layer.ts';
import { addAll } from './lower/centre.ts';
import { originOf, stack } from './lower/lowering.ts';
import type { TensorProgram } from './tensor-program.ts';

export function lowerLogits(b: ProgramBuilder, graph: LayerGraph): ValueId {
  const values = new Map<LayerId, ValueId>();
  const outputOf = (id: LayerId): ValueId => found(values.get(id), `value of ${id}`);
  b.within({ section: 'forward' }, () => {
    for (const layer of graph.layers) values.set(layer.id, lowerLayer(b, layer, layer.inputs.map(outputOf)));
  });
  return outputOf(graph.output);
}

function lowerLayer(b: ProgramBuilder, layer: Layer, inputs: readonly ValueId[]): ValueId {
  const first = (): ValueId => found(inputs[0], `input of ${layer.id}`);
  return b.within(originOf(layer, 'output'), () => {
    switch (layer.kind) {
      case 'input':
        return b.source({ kind: 'input', name: 'x', shape: stack(batch, layer.shape) });
      case 'relu':
        return b.unary('relu', first());
      case 'add':
        return addAll(b, inputs);
      case 'conv2d':
      case 'dense':
      case 'flatten':
      case 'reshape':
      case 'normalize':
        return applyLayer(b, layer, first(), 'affine', 'output');
      default:
        return assertNever(layer);
    }
  });
}

export function lowerForward(graph: LayerGraph): TensorProgram {
  const builder = createBuilder();
  return builder.finish('forward', { logits: lowerLogits(builder, graph) });
}
