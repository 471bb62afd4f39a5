import type * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ParameterMeta } from '../../../runtime/contract.ts';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { type Initialization, initializeParams } from '../../../runtime/train/initialize.ts';
import { useCpu } from '../../support/toy-model.ts';

const parameters: ParameterMeta[] = [
  { name: 'conv1.weight', layer: 'conv1', role: 'conv2dKernel', shape: [4, 4, 16, 32], trainable: true },
  { name: 'conv1.bias', layer: 'conv1', role: 'bias', shape: [32], trainable: true },
  { name: 'dense1.weight', layer: 'dense1', role: 'denseKernel', shape: [100, 50], trainable: true },
  { name: 'dense1.bias', layer: 'dense1', role: 'bias', shape: [50], trainable: true },
];
const draw = (initialization: Initialization, seed = 1): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(initializeParams(parameters, keyFrom(seed), initialization)).map(
      ([name, tensor]: [string, tf.Tensor]) => [name, tensor.dataSync<'float32'>()],
    ),
  );
const variance = (values: Float32Array): number => values.reduce((sum, x) => sum + x * x, 0) / values.length;

beforeAll(useCpu);

describe('initializeParams', () => {
  // Four standard deviations of the variance of 8,192 and 5,000 draws are below 8 %.
  it.each([
    ['he', 2 / 256, 2 / 100],
    ['glorot', 2 / (256 + 512), 2 / 150],
    ['pytorch', 1 / (3 * 256), 1 / (3 * 100)],
  ] as const)('%s gives weights the variance that their fans ask for', (initialization, conv, dense) => {
    const params = draw(initialization);
    expect(Math.abs(variance(params['conv1.weight']!) / conv - 1)).toBeLessThan(0.08);
    expect(Math.abs(variance(params['dense1.weight']!) / dense - 1)).toBeLessThan(0.08);
    const limit = initialization === 'pytorch' ? 1 / 10 : 0;
    expect(params['dense1.bias']!.every(x => Math.abs(x) <= limit)).toBe(true);
    expect(params['dense1.bias']!.some(x => x !== 0)).toBe(initialization === 'pytorch');
  });

  it('depends on seed and name alone', () => {
    expect(draw('he')).toEqual(draw('he'));
    expect(draw('he', 2)['dense1.weight']).not.toEqual(draw('he')['dense1.weight']);
    const alone = initializeParams(parameters.slice(2), keyFrom(1), 'he')['dense1.weight']!;
    expect(alone.dataSync()).toEqual(draw('he')['dense1.weight']);
  });
});
