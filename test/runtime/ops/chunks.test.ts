import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { chunkedResults, chunkedRows, summedChunks, unitRows } from '../../../runtime/ops/chunks.ts';
import { entriesOn, testedBackends, useBackend } from '../../support/run-on-backend.ts';

describe.each(testedBackends)('chunk loops on %s', backend => {
  beforeAll(() => useBackend(backend));

  it('make rows of the identity', async () => {
    expect([...(await entriesOn(() => unitRows(2, 2, 4, [2, 2])))]).toEqual([0, 0, 1, 0, 0, 0, 0, 1]);
  });

  it('make the one row of an identity of size 1', async () => {
    expect([...(await entriesOn(() => unitRows(0, 1, 1, [1, 1])))]).toEqual([1]);
  });

  it('join the rows of all chunks', async () => {
    const x = { shape: [2, 6], data: [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15] };
    const joined = await entriesOn(a => chunkedRows(6, 2, start => tf.neg(tf.neg(tf.slice(a, [0, start], [2, 2])))), x);
    expect([...joined]).toEqual(x.data);
  });

  it('join several results each, leave no parts behind and dispose of nothing that is not theirs', async () => {
    const x = tf.tensor2d([0, 1, 2, 3], [1, 4]);
    const column = tf.tensor2d([7], [1, 1]);
    const before = tf.memory().numTensors;
    const all = chunkedResults(4, 2, start => [
      tf.slice(x, [0, start], [1, 2]),
      tf.neg(tf.slice(x, [0, start], [1, 2])),
    ]);
    const some = chunkedResults(2, 1, start => [tf.slice(x, [0, 2 - 2 * start], [1, 1]), column]);
    expect(tf.memory().numTensors).toBe(before + 4);
    const entries = (await Promise.all([...all, ...some].map(result => result.data()))).map(values =>
      Array.from(values, entry => entry + 0),
    );
    expect(entries).toEqual([
      [0, 1, 2, 3],
      [0, -1, -2, -3],
      [2, 0],
      [7, 7],
    ]);
    expect([...(await column.data())]).toEqual([7]);
    tf.dispose([x, column, ...all, ...some]);
  });

  it('add up all chunks, and leave neither parts behind nor dispose what is not theirs', async () => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
    const before = tf.memory().numTensors;
    const sums = summedChunks(3, 1, start => [tf.square(tf.neg(tf.slice(x, [start, 0], [1, 2]))), x]);
    expect(tf.memory().numTensors).toBe(before + 2);
    expect((await Promise.all(sums.map(sum => sum.data()))).map(sum => [...sum])).toEqual([
      [35, 56],
      [3, 6, 9, 12, 15, 18],
    ]);
    expect([...(await x.data())]).toEqual([1, 2, 3, 4, 5, 6]);
    tf.dispose([x, ...sums]);
  });
});
