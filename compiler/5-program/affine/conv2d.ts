import type { LayerOf } from '../../2-graph/layer.ts';
import { found } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { Shape } from '../../shared/shape.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { ConvGeometry } from '../tensor-program.ts';
import type { AffineRule } from './affine-rule.ts';
import { biased, kernelOf, mappedKernel } from './kernel.ts';

type Layer = LayerOf<'conv2d'>;

const kernelShape = ({ kernelSize, filters }: Layer, inputShape: Shape): Shape => [
  ...kernelSize,
  found(inputShape.at(-1), 'channels of an input'),
  filters,
];

const geometryOf = ({ strides, padding }: Layer): ConvGeometry => ({
  strides,
  padding: [padding.top, padding.bottom, padding.left, padding.right],
});

export const conv2d: AffineRule<Layer> = {
  forward(b, layer, x, map) {
    const shape = kernelShape(layer, b.shapeOf(x).slice(1) as number[]);
    const kernel = mappedKernel(b, kernelOf(b, layer, shape), map);
    const [height = 1, width = 1, channels = 1] = shape;
    const y = b.append({ kind: 'conv2d', ...geometryOf(layer) }, [x, kernel]);
    return biased(b, layer, y, map, height * width * channels);
  },
  transposed(b, layer, dual, inputShape) {
    const [height = 0, width = 0] = inputShape;
    const op = { kind: 'transposedConv2d', inputSize: [height, width], ...geometryOf(layer) } as const;
    return b.append(op, [dual, kernelOf(b, layer, kernelShape(layer, inputShape))]);
  },
  transposedOnWindow(b, layer, dual, inputWindow, inputShape) {
    const { strides } = layer;
    const op = { kind: 'transposedConv2d', inputSize: inputWindow, strides, padding: [0, 0, 0, 0] } as const;
    return b.append(op, [dual, kernelOf(b, layer, kernelShape(layer, inputShape))]);
  },
  rows: null,
  liveProducts(b, layer, live) {
    const ones = b.append({ kind: 'broadcast', shape: [...layer.kernelSize, 1, 1] }, [b.constant(1)]);
    return b.append({ kind: 'conv2d', ...geometryOf(layer) }, [sumOfChannels(b, live), ones]);
  },
};

const sumOfChannels = (b: ProgramBuilder, live: ValueId): ValueId => b.sum(live, [3], true);
