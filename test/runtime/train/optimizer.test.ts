import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adam, adamDefaults } from '../../../runtime/train/adam.ts';
import { clipGradients } from '../../../runtime/train/clip-gradients.ts';
import type { Optimizer } from '../../../runtime/train/optimizer.ts';
import { sgd } from '../../../runtime/train/sgd.ts';
import { useCpu } from '../../support/toy-model.ts';

/** Drives one scalar parameter along the gradient `param + step`; returns its values. */
function drive(make: (params: Record<string, tf.Tensor>) => Optimizer, steps: number): number[] {
  const params: Record<string, tf.Tensor> = { w: tf.tensor1d([0.8]) };
  const optimizer = make(params);
  const before = tf.memory().numTensors;
  const values = Array.from({ length: steps }, (_, i) => {
    const gradients = { w: tf.add(params.w!, i + 1) };
    optimizer.update(params, gradients, 0.1, i + 1);
    tf.dispose(gradients);
    return params.w!.dataSync()[0]!;
  });
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

beforeAll(useCpu);

describe('optimizers', () => {
  it('adam follows Algorithm 1 of its paper, computed in float64', () => {
    let [w, mean, square] = [0.8, 0, 0];
    const expected = [1, 2, 3, 4, 5].map(step => {
      const gradient = w + step + 0.01 * w;
      mean = 0.9 * mean + 0.1 * gradient;
      square = 0.999 * square + 0.001 * gradient ** 2;
      w -= (0.1 * (mean / (1 - 0.9 ** step))) / (Math.sqrt(square / (1 - 0.999 ** step)) + 1e-8);
      return expect.closeTo(w, 4);
    });
    expect(drive(params => adam(params, { ...adamDefaults, weightDecay: 0.01 }), 5)).toEqual(expected);
  });

  it.each([
    [0, 0],
    [0.9, 0.1],
  ])('sgd with momentum %d and weight decay %d follows its rule', (momentum, weightDecay) => {
    let [w, velocity] = [0.8, 0];
    const expected = [1, 2, 3, 4, 5].map(step => {
      velocity = momentum * velocity + w + step + weightDecay * w;
      w -= 0.1 * velocity;
      return expect.closeTo(w, 4);
    });
    expect(drive(params => sgd(params, { momentum, weightDecay }), 5)).toEqual(expected);
  });

  it('names a parameter without a gradient or without a saved moment', () => {
    const params = { w: tf.tensor1d([1]) };
    expect(() => sgd(params, { momentum: 0, weightDecay: 0 }).update(params, {}, 1, 1)).toThrow(/no gradient for w/);
    expect(() => adam(params, adamDefaults, {})).toThrow(/has no mean\/w/);
  });
});

describe('clipGradients', () => {
  it('scales to the joint norm, and only when it is exceeded', async () => {
    const gradients: Record<string, tf.Tensor> = { a: tf.tensor1d([3]), b: tf.tensor2d([[4]]) };
    const before = tf.memory().numTensors;
    expect(await clipGradients(gradients, 5.5)).toBeCloseTo(5);
    expect(gradients.b!.dataSync()[0]).toBe(4);
    expect(await clipGradients(gradients, 1)).toBeCloseTo(5);
    expect([gradients.a!.dataSync()[0], gradients.b!.dataSync()[0]]).toEqual([
      expect.closeTo(0.6),
      expect.closeTo(0.8),
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
