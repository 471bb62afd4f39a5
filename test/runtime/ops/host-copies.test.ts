import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { copiedHere, writtenHere } from '../../../runtime/ops/host-copies.ts';
import { testedBackends, useBackend } from '../../support/run-on-backend.ts';

const reversed = (from: Float32Array, to: Float32Array): void => to.set(from.toReversed());

describe.each(testedBackends)('tensors that are written on the side of the program, on %s', backend => {
  beforeAll(() => useBackend(backend));

  it('hold what was written', async () => {
    const made = writtenHere([2, 2], to => to.set([1, 2, 3, 4]));
    expect([made.shape, made.dtype, [...(await made.data())]]).toEqual([[2, 2], 'float32', [1, 2, 3, 4]]);
    made.dispose();
  });

  it('hold what was copied, whatever room had to be made, and are counted and freed like others', async () => {
    const { numTensors } = tf.memory();
    const x = tf.tensor1d([1, 2, 3]);
    // More than what a fresh memory has room for, so that it grows and moves.
    for (const size of [3, 2 ** 22, 2 ** 23]) {
      const made = copiedHere(x, [size], (from, to) => {
        to.fill(0);
        reversed(from, to.subarray(0, 3));
      });
      const entries = await made.data();
      expect([made.size, ...entries.subarray(0, 3), entries.at(-1)]).toEqual([size, 3, 2, 1, size === 3 ? 1 : 0]);
      made.dispose();
    }
    x.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

describe('a tensor of another backend', () => {
  it('is copied from all the same', async () => {
    await useBackend('cpu');
    const x = tf.tensor1d(Array.from({ length: 2 ** 20 }, (_, i) => i % 7));
    await useBackend('wasm');
    const made = copiedHere(x, [2 ** 20], reversed);
    expect([...(await made.data())]).toEqual(Array.from({ length: 2 ** 20 }, (_, i) => (2 ** 20 - 1 - i) % 7));
    tf.dispose([x, made]);
  });
});
