import type { LayerOf } from '../../2-graph/layer.ts';
import { found } from '../../shared/assert.ts';
import type { Shape } from '../../shared/shape.ts';
import type { AffineRule } from './affine-rule.ts';
import { biased, kernelOf, mappedKernel } from './kernel.ts';

type Layer = LayerOf<'dense'>;

const kernelShape = ({ units }: Layer, inputShape: Shape): Shape => [
  found(inputShape.at(-1), 'features of an input'),
  units,
];

export const dense: AffineRule<Layer> = {
  forward(b, layer, x, map) {
    const shape = kernelShape(layer, b.shapeOf(x).slice(1) as number[]);
    const kernel = mappedKernel(b, kernelOf(b, layer, shape), map);
    return biased(b, layer, b.matMul(x, kernel), map, found(shape[0], 'features of an input'));
  },
  transposed: (b, layer, dual, inputShape) =>
    b.matMul(dual, kernelOf(b, layer, kernelShape(layer, inputShape)), { b: true }),
  transposedOnWindow: null,
  rows: (b, layer, inputShape) => b.transpose(kernelOf(b, layer, kernelShape(layer, inputShape)), [1, 0]),
  liveProducts: (b, _layer, live) => b.sum(live, [1], true),
};
