/** Networks for tests of weights: only what a file of weights is compared with. */
import { contractVersion, type ModelMeta, type ParameterMeta, type ScheduleMeta } from '../../../runtime/contract.ts';

export function metaOf(source: string, inputShape: readonly number[], parameters: readonly ParameterMeta[]): ModelMeta {
  const schedule: ScheduleMeta = { choices: [], arithmetic: 'float32', fixedBytes: 0, bytesPerExample: 0 };
  return {
    contract: contractVersion,
    compiler: '0.1.0',
    source,
    sourceHash: '',
    inputShape,
    classes: 10,
    ball: { norm: 'linf', epsilon: 0.1, box: null },
    inputStd: null,
    layers: [],
    parameters,
    nonlinearities: [],
    draws: [],
    trainingDiffers: false,
    certify: { ...schedule, proof: { kind: 'exact' }, convolutions: [] },
    train: schedule,
  };
}

export function conv(layer: string, shape: readonly [number, number, number, number]): ParameterMeta[] {
  const [height, width, channels, filters] = shape;
  const fanIn = height * width * channels;
  return [
    {
      name: `${layer}.weight`,
      layer,
      shape,
      kind: 'trained',
      initial: { kind: 'kernel', fanIn, fanOut: height * width * filters },
      pytorch: { axes: [3, 2, 0, 1] },
    },
    bias(layer, filters, fanIn),
  ];
}

/** @param flattened the map whose flattened entries it reads */
export function dense(
  layer: string,
  shape: readonly [number, number],
  flattened?: readonly [number, number, number],
): ParameterMeta[] {
  const [fanIn, fanOut] = shape;
  const runs = flattened && ([[flattened[0] * flattened[1], flattened[2]]] as const);
  return [
    {
      name: `${layer}.weight`,
      layer,
      shape,
      kind: 'trained',
      initial: { kind: 'kernel', fanIn, fanOut },
      pytorch: { axes: [1, 0], ...(runs && { inputs: { axis: 0, runs } }) },
    },
    bias(layer, fanOut, fanIn),
  ];
}

const bias = (layer: string, size: number, fanIn: number): ParameterMeta => ({
  name: `${layer}.bias`,
  layer,
  shape: [size],
  kind: 'trained',
  initial: { kind: 'bias', fanIn },
  pytorch: { axes: [0] },
});

/** The network of `../shared/golden/mnist-small.safetensors`. */
export const mnistSmall: ModelMeta = metaOf(
  'mnist-small.arch.ts',
  [28, 28, 1],
  [
    ...conv('conv1', [4, 4, 1, 16]),
    ...conv('conv2', [4, 4, 16, 32]),
    ...dense('dense1', [7 * 7 * 32, 100], [7, 7, 32]),
    ...dense('logits', [100, 10]),
  ],
);

/** The network of `import/fixtures`: kernels and maps that are not square, two dense layers of equal shape. */
export const fixtureNet: ModelMeta = metaOf(
  'fixture.arch.ts',
  [5, 6, 2],
  [
    ...conv('conv1', [2, 3, 2, 3]),
    ...conv('conv2', [3, 3, 3, 4]),
    ...dense('dense1', [2 * 2 * 4, 5], [2, 2, 4]),
    ...dense('dense2', [5, 5]),
    ...dense('logits', [5, 5]),
  ],
);
