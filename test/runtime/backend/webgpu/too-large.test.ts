/** Whatever fails on the device of this machine is an error, where TensorFlow.js would go on with zeros. Nothing computes here afterwards. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { FailedCommand } from '../../../../runtime/backend/webgpu/failed-commands.ts';
import { whyNoWebgpu } from '../../../support/webgpu-here.ts';

const problem = await whyNoWebgpu();
const why = problem === null ? '' : `: ${problem}`;

interface Limited {
  readonly device: { readonly limits: { readonly maxBufferSize: number } };
}

describe.skipIf(problem !== null)(`a tensor that is larger than the device of this machine allows${why}`, () => {
  it('makes all that is read afterwards an error', async () => {
    const small = tf.fill([3], 2);
    expect([...(await small.data())]).toEqual([2, 2, 2]);
    const { maxBufferSize } = (tf.backend() as unknown as Limited).device.limits;
    const sum = tf.tidy(() => tf.sum(tf.add(tf.zeros([maxBufferSize / 4 + 256]), 1)));
    await expect(sum.data()).rejects.toThrow(FailedCommand);
    await expect(tf.neg(small).data()).rejects.toThrow(/Buffer size .* exceeds the max buffer size/);
  });
});
