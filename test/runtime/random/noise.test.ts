import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cauchyNoise, normalNoise } from '../../../runtime/random/noise.ts';

describe('noise', () => {
  it.each([cauchyNoise, normalNoise])('%o is keyed by key and stream', async draw => {
    await tf.setBackend('cpu');
    const values = (key: [number, number], stream: string): number[] => [...draw(key, stream, [2, 3, 4]).dataSync()];
    expect(draw([1, 2], 'relu1', [2, 3, 4]).shape).toEqual([2, 3, 4]);
    expect(values([1, 2], 'relu1')).toEqual(values([1, 2], 'relu1'));
    expect(values([1, 2], 'relu1')).not.toEqual(values([1, 2], 'relu2'));
    expect(values([1, 2], 'relu1')).not.toEqual(values([1, 3], 'relu1'));
  });
});
