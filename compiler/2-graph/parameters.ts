/** The parameters of a network, as its layers declare them. */
import type { ParameterMeta, PytorchStorage } from '../../runtime/contract.ts';
import type { ParameterDeclaration } from '../layers/parameter-declaration.ts';
import { definitionOf } from '../layers/registry.ts';
import { found } from '../shared/assert.ts';
import { printSpan } from '../shared/span.ts';
import type { Layer, LayerGraph } from './layer.ts';
import { channelOrder, isIdentity, pytorchOrders } from './pytorch-order.ts';

/** In the order of the layers; what files of weights hold and training changes. */
export function parametersOf(graph: LayerGraph): ParameterMeta[] {
  const shapes = new Map(graph.layers.map(({ id, shape }) => [id, shape]));
  const orders = pytorchOrders(graph);
  const inputOf = (layer: Layer) => {
    const id = found(layer.inputs[0], `input of ${layer.id}`);
    return { order: found(orders.get(id), `order of ${id}`), shape: found(shapes.get(id), `shape of ${id}`) };
  };
  const storageOf = (layer: Layer, { axes, inputAxis }: ParameterDeclaration['pytorch']): PytorchStorage => {
    if (inputAxis === null) return { axes };
    const order = channelOrder(layer, inputOf(layer));
    if (order.kind === 'unknown') return { axes, refused: order.why };
    return isIdentity(order) ? { axes } : { axes, inputs: { axis: inputAxis, runs: order.blocks } };
  };
  const parameters = graph.layers.flatMap(layer => {
    const inputs = layer.inputs.map(id => found(shapes.get(id), `shape of ${id}`));
    return definitionOf(layer.kind)
      .parameters(layer, inputs)
      .map(({ part, shape, kind, initial, pytorch }): ParameterMeta => {
        const storage = storageOf(layer, pytorch);
        return { name: `${layer.id}.${part}`, layer: layer.id, shape, kind, initial, pytorch: storage };
      });
  });
  const why = whyOtherClasses(graph, orders);
  // No parameter is at fault: the last one says it for all.
  return parameters.map((parameter, index) =>
    why === null || index < parameters.length - 1
      ? parameter
      : { ...parameter, pytorch: { ...parameter.pytorch, refused: parameter.pytorch.refused ?? why } },
  );
}

/** Classes are counted in the order of the logits: PyTorch must have the same. */
function whyOtherClasses({ layers, output }: LayerGraph, orders: ReturnType<typeof pytorchOrders>): string | null {
  const order = found(orders.get(output), `order of ${output}`);
  if (order.kind === 'unknown') return order.why;
  const { span } = found(
    layers.find(({ id }) => id === output),
    'output layer',
  );
  return isIdentity(order) ? null : `${output} (${printSpan(span)}) has the classes in another order in PyTorch`;
}
