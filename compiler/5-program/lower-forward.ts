/** The network itself: logits of `x`. */
import type { LayerGraph } from '../2-graph/layer.ts';
import type { LayerId, ValueId } from '../shared/ids.ts';
import { applyLayer } from './affine/affine-rules.ts';
import { createBuilder, type ProgramBuilder } from './builder.ts';
import { batch } from './dim.ts';
import { addAll, joined } from './lower/centre.ts';
import { forwardParts } from './lower/forward-parts.ts';
import { type ForwardPass, passTo } from './lower/forward-pass.ts';
import { originOf, stack } from './lower/lowering.ts';
import { nonlinearityRule } from './nonlinearity/nonlinearity-rules.ts';
import type { TensorProgram } from './tensor-program.ts';

export function lowerLogits(b: ProgramBuilder, graph: LayerGraph): ValueId {
  const layers = new Map(graph.layers.map(layer => [layer.id, layer]));
  const values = new Map<LayerId, ValueId>();
  const pass = logitsPass(b);
  return b.within({ section: 'forward' }, () => {
    // In the order of the graph: that is how the emitted function reads.
    const ends = forwardParts(graph.layers);
    for (const { id } of graph.layers) {
      const end = ends.get(id);
      b.within({ part: end === undefined ? null : `forward to ${end}` }, () => passTo(id, pass, values, layers));
    }
    return passTo(graph.output, pass, values, layers);
  });
}

const logitsPass = (b: ProgramBuilder): ForwardPass<ValueId> => ({
  input: layer =>
    b.within(originOf(layer, 'output'), () => b.source({ kind: 'input', name: 'x', shape: stack(batch, layer.shape) })),
  affine: (layer, x) => applyLayer(b, layer, x, 'affine', 'output'),
  nonlinearity: {
    kind: 'through',
    at: (layer, x) => b.within(originOf(layer, 'output'), () => nonlinearityRule(layer).value(b, layer, x)),
  },
  sum: (layer, operands) => b.within(originOf(layer, 'output'), () => addAll(b, operands)),
  concat: (layer, operands) => b.within(originOf(layer, 'output'), () => joined(b, operands)),
});

export function lowerForward(graph: LayerGraph): TensorProgram {
  const builder = createBuilder();
  return builder.finish('forward', { logits: lowerLogits(builder, graph) });
}
