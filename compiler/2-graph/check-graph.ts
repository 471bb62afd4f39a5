/** Verifies a layer graph: whatever later stages rely on. */
import { definitionOf } from '../layers/registry.ts';
import { found, invariant } from '../shared/assert.ts';
import { isFloat32 } from '../shared/float32.ts';
import type { LayerId } from '../shared/ids.ts';
import { printShape, sameShape } from '../shared/shape.ts';
import type { Ball, Layer, LayerGraph } from './layer.ts';

/** @throws InternalError when the graph breaks one of its own rules */
export function checkGraph(graph: LayerGraph): void {
  const before = new Map<LayerId, Layer>();
  for (const layer of graph.layers) {
    invariant(!before.has(layer.id), `two layers are named ${layer.id}`);
    invariant(/^[A-Za-z][A-Za-z0-9_]*$/.test(layer.id) && layer.id !== 'margins', `${layer.id} is no name for a layer`);
    invariant(layer.kind !== 'input' || layer.id === graph.input, `${layer.id} is a second input`);
    const inputs = layer.inputs.map(id => found(before.get(id), `layer ${id} before ${layer.id}`).shape);
    const expected = definitionOf(layer.kind).shapeOf(layer, inputs);
    invariant(
      sameShape(expected, layer.shape),
      `${layer.id} is ${printShape(layer.shape)}, expected ${printShape(expected)}`,
    );
    invariant(layer.shape.every(isSize), `${layer.id} has the shape ${printShape(layer.shape)}`);
    before.set(layer.id, layer);
  }
  invariant(before.get(graph.input)?.kind === 'input', `${graph.input} is not an input`);
  const output = found(before.get(graph.output), 'output layer');
  invariant(output.shape.length === 1 && output.shape[0]! >= 2, `the output is ${printShape(output.shape)}`);
  checkUsed(graph);
  checkBall(graph.ball);
}

const isSize = (dim: number): boolean => Number.isInteger(dim) && dim >= 1;

function checkUsed({ layers, output }: LayerGraph): void {
  const used = new Set(layers.flatMap(({ inputs }) => inputs));
  for (const { id } of layers) invariant(id === output || used.has(id), `${id} is not used`);
}

function checkBall(ball: Ball): void {
  invariant(ball.epsilon > 0 && isFloat32(ball.epsilon), `the radius is ${ball.epsilon}`);
  if (ball.norm === 'linf' && ball.box !== null) invariant(ball.box[0] < ball.box[1], 'the box is empty');
}
