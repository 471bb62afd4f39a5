import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { peakBytesOf } from '../../../runtime/bench/peak-bytes.ts';
import { testedBackends, useBackend } from '../../support/run-on-backend.ts';

describe.each(testedBackends)('peakBytesOf on %s', backend => {
  beforeAll(() => useBackend(backend));

  it('counts what is alive at once, and nothing that was there before', () => {
    const before = tf.zeros([1000]);
    const { bytes, result } = peakBytesOf(() => {
      const a = tf.add(before, 1);
      const b = tf.add(a, 1);
      a.dispose();
      const c = tf.slice(b, [0], [10]);
      b.dispose();
      return c;
    });
    // `a` and `b`, and the number 1 that is a tensor of its own.
    expect(bytes).toBeGreaterThanOrEqual(8000);
    expect(bytes).toBeLessThanOrEqual(8008);
    tf.dispose([before, result]);
  });

  it('counts a buffer once that two tensors look at', () => {
    const { bytes, result } = peakBytesOf(() => {
      const a = tf.fill([10, 10], 2);
      return [a, tf.reshape(a, [100])];
    });
    expect(bytes).toBeGreaterThanOrEqual(400);
    expect(bytes).toBeLessThan(800);
    tf.dispose(result);
  });

  it('counts no more once it has returned, also by an error', () => {
    const failing = (): never => {
      throw new Error('planted');
    };
    expect(() => peakBytesOf(failing)).toThrow('planted');
    const { bytes, result } = peakBytesOf(() => tf.fill([3], 1));
    expect(bytes).toBe(12);
    result.dispose();
  });
});
