/**
 * The architectures of the paper's tables. Numbers: Table 1 of the paper, one excepted. For the large MNIST network it prints 28,064
 * hidden units, which no choice of ReLUs gives: the sizes of its layers are all multiples of 64 and 28,064 is not. They sum to 48,064,
 * and its parameters come out exactly as printed.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { LayerGraph } from '../../../compiler/2-graph/layer.ts';
import { sizeOf } from '../../../compiler/shared/shape.ts';
import { readNetwork } from '../../support/read-network.ts';
import { hasShared, sharedPath } from '../../support/shared-data.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function exampleGraph(name: string): LayerGraph {
  const { graph, diagnostics } = readNetwork(`examples/${name}.arch.ts`, { folder: root });
  expect(diagnostics).toEqual([]);
  return graph!;
}

/** Shapes of the weights of every layer, by name, in the layout of TensorFlow. */
function weightShapes({ layers }: LayerGraph): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  const shapeOf = new Map(layers.map(({ id, shape }) => [id, shape]));
  for (const layer of layers) {
    const inputs = shapeOf.get(layer.inputs[0]!)?.at(-1) ?? 0;
    if (layer.kind === 'conv2d') shapes.set(`${layer.id}.weight`, [...layer.kernelSize, inputs, layer.filters]);
    if (layer.kind === 'dense') shapes.set(`${layer.id}.weight`, [inputs, layer.units]);
    if ((layer.kind === 'conv2d' || layer.kind === 'dense') && layer.useBias)
      shapes.set(`${layer.id}.bias`, [layer.shape.at(-1)!]);
  }
  return shapes;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const hiddenUnits = ({ layers }: LayerGraph): number =>
  sum(layers.filter(({ kind }) => kind === 'relu').map(({ shape }) => sizeOf(shape)));
const parameters = (graph: LayerGraph): number => sum([...weightShapes(graph).values()].map(sizeOf));

describe('paper architectures', () => {
  it.each([
    ['mnist-small', 4_804, 166_406],
    ['mnist-large', 48_064, 1_974_762],
    ['mnist-resnet', 82_536, 3_254_562],
    ['cifar-small', 6_244, 214_918],
    ['cifar-large', 62_464, 2_466_858],
    ['cifar-resnet', 107_496, 4_214_850],
  ])('%s has %d hidden units and %d parameters', (name, units, count) => {
    const graph = exampleGraph(name);
    expect(hiddenUnits(graph)).toBe(units);
    expect(parameters(graph)).toBe(count);
  });

  it('the large MNIST network has layers whose sizes are multiples of 64', () => {
    const sizes = exampleGraph('mnist-large')
      .layers.filter(({ kind }) => kind === 'relu')
      .map(({ shape }) => sizeOf(shape));
    expect(sizes.map(size => size % 64)).toEqual(sizes.map(() => 0));
    expect(28_064 % 64).not.toBe(0);
  });

  it('the ball of the colour images is in units of pixels, before normalization', () => {
    const { ball, layers } = exampleGraph('cifar-resnet');
    expect(ball).toEqual({ norm: 'linf', epsilon: 2 / 255, box: [0, 1] });
    expect(layers[1]).toMatchObject({ kind: 'normalize', mean: [0.485, 0.456, 0.406], std: [0.225, 0.225, 0.225] });
  });

  it('two-moons takes points of the plane and has no box', () => {
    const graph = exampleGraph('two-moons');
    expect(graph.ball).toMatchObject({ norm: 'linf', box: null });
    expect(graph.layers.at(0)?.shape).toEqual([2]);
    expect(graph.layers.at(-1)?.shape).toEqual([2]);
  });

  it.skipIf(!hasShared('golden/mnist-small.safetensors'))('mnist-small has the layers of the trained weights', () => {
    const expected = new Map(
      storedShapes('golden/mnist-small.safetensors').map(([name, shape]) => [name, fromPytorch(shape)]),
    );
    const found = weightShapes(exampleGraph('mnist-small'));
    expect(new Map([...found].sort())).toEqual(new Map([...expected].sort()));
  });
});

/** Kernels are stored as [out, in, height, width], dense weights as [out, in]. */
function fromPytorch(shape: readonly number[]): number[] {
  const [out, inputs, ...kernel] = shape;
  return inputs === undefined ? [out!] : [...kernel, inputs, out!];
}

/** From the header of a safetensors file: a length of eight bytes, then JSON. */
function storedShapes(name: string): [string, readonly number[]][] {
  const bytes = readFileSync(sharedPath(name));
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString()) as Record<
    string,
    { shape: number[] }
  >;
  return Object.entries(header).flatMap(([tensor, { shape }]): [string, readonly number[]][] =>
    tensor === '__metadata__' ? [] : [[tensor, shape]],
  );
}
