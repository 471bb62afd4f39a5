import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { middleMeans, middleSums } from '../../../runtime/ops/middle-means.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import { entriesOn, testedBackends, useBackend } from '../../support/run-on-backend.ts';

describe.each(testedBackends)('middleMeans on %s', backend => {
  beforeAll(() => useBackend(backend));

  it.each([
    ['channels that a pool takes at once', 3, 10, 40],
    ['a prime number of them, for which there is no pool', 2, 7, 1009],
    ['fewer than a vector has lanes', 4, 5, 3],
    ['a single draw', 2, 1, 24],
    ['a single example', 1, 50, 64],
  ])('%s', async (_what, n, k, f) => {
    const next = seededNumbers(n * k * f);
    const data = Float32Array.from({ length: n * k * f }, () => next() - 0.5);
    const means = await entriesOn(middleMeans, { shape: [n, k, f], data });
    const sums = await entriesOn(middleSums, { shape: [n, k, f], data });
    expect([means.length, sums.length]).toEqual([n * f, n * f]);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < f; j++) {
        let sum = 0;
        for (let row = 0; row < k; row++) sum += data[(i * k + row) * f + j]!;
        expect(means[i * f + j]).toBeCloseTo(sum / k, 6);
        expect(sums[i * f + j]).toBeCloseTo(sum, 5);
      }
    }
  });

  it('leaves other memory alone where a map has more channels than a kernel can stand', async () => {
    const guards = Array.from({ length: 50 }, (_, i) => tf.fill([100], i));
    const wide = tf.fill([1, 10, 2 ** 17], 3);
    const means = middleMeans(wide);
    expect(new Set(await means.data())).toEqual(new Set([3]));
    for (const [i, guard] of guards.entries()) expect(new Set(await guard.data())).toEqual(new Set([i]));
    tf.dispose([...guards, wide, means]);
  });
});
