/** The shape that a finished layer must have. For verifying a graph: anything wrong here is a mistake of dualc. */
import { invariant } from '../shared/assert.ts';
import { type Shape, sameShape, sizeOf } from '../shared/shape.ts';
import type { LayerKind, LayerOf } from './layer.ts';
import { windowCounts } from './padding.ts';

type Rule<Kind extends LayerKind> = (layer: LayerOf<Kind>, inputs: readonly Shape[]) => Shape;

const only = (inputs: readonly Shape[]): Shape => {
  invariant(inputs.length === 1, `one input expected, ${inputs.length} found`);
  return inputs[0]!;
};

const layerShapes: { readonly [Kind in LayerKind]: Rule<Kind> } = {
  input: ({ shape }, inputs) => {
    invariant(inputs.length === 0, 'an input has no inputs');
    return shape;
  },
  conv2d: ({ kernelSize, strides, padding, filters }, inputs) => {
    const [height, width, channels, ...more] = only(inputs);
    invariant(channels !== undefined && more.length === 0, 'a convolution needs [height, width, channels]');
    return [...windowCounts({ input: [height!, width!], kernelSize, strides }, padding), filters];
  },
  dense: ({ units }, inputs) => {
    invariant(only(inputs).length === 1, 'a dense layer needs a vector');
    return [units];
  },
  relu: (_, inputs) => only(inputs),
  flatten: (_, inputs) => [sizeOf(only(inputs))],
  reshape: ({ shape }, inputs) => {
    invariant(sizeOf(shape) === sizeOf(only(inputs)), 'a reshape keeps the size');
    return shape;
  },
  add: (_, inputs) => {
    const [first, ...others] = inputs;
    invariant(first !== undefined && others.length > 0, 'an addition needs two operands');
    invariant(
      others.every(other => sameShape(first, other)),
      'the operands of an addition have one shape',
    );
    return first;
  },
  normalize: ({ mean, std }, inputs) => {
    const shape = only(inputs);
    invariant(mean.length === shape.at(-1) && std.length === mean.length, 'one mean and one deviation per channel');
    return shape;
  },
};

export function layerShape<Kind extends LayerKind>(layer: LayerOf<Kind>, inputs: readonly Shape[]): Shape {
  return (layerShapes[layer.kind] as Rule<Kind>)(layer, inputs);
}
