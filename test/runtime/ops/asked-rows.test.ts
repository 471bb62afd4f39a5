import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { resultsUnless, resultsWhere, rowsUnless, rowsWhere } from '../../../runtime/ops/asked-rows.ts';
import { hearTurns } from '../../../runtime/ops/loop-turns.ts';
import { onWebgpu, testedBackends, useBackend } from '../../support/run-on-backend.ts';

/** Of five rows: two of the first example, four of the second, none of the third. */
const asked = () => tf.tensor2d([0, 1, 0, 0.5, 0, 1, 1, 0, 1, 1, 0, 0, -1, 0, 0], [3, 5]);

const entriesOf = (tensor: tf.Tensor): number[][] => tensor.arraySync() as number[][];

// WebGPU does not say at once which rows are asked for.
describe.skipIf(onWebgpu).each(testedBackends)('rows that are asked for on %s', backend => {
  beforeAll(() => useBackend(backend));

  /** Of each index, its row times ten. */
  const tenfold = (indices: tf.Tensor): tf.Tensor =>
    tf.tensor2d(
      [...indices.dataSync()].map(index => 10 * (index % 5)),
      [indices.size, 1],
    );

  it.each([
    {
      size: 1,
      turns: [
        [1, 3, 5],
        [6, 8, 9],
      ],
    },
    { size: 2, turns: [[1, 3, 5, 6, 8, 9]] },
    { size: 5, turns: [[1, 3, 5, 6, 8, 9]] },
  ])('are computed, three times $size at a time, and no others', ({ size, turns }) => {
    tf.tidy(() => {
      const lists: number[][] = [];
      const result = rowsWhere(asked(), 5, { size, atMost: 4 }, indices => {
        lists.push([...indices.dataSync()]);
        return tenfold(indices);
      });
      expect(entriesOf(result)).toEqual([
        [0, 10, 0, 30, 0],
        [0, 10, 0, 30, 40],
        [0, 0, 0, 0, 0],
      ]);
      expect(lists).toEqual(turns);
    });
  });

  it('are fewer in the last turn', () => {
    tf.tidy(() => {
      const sizes: number[] = [];
      rowsWhere(tf.ones([2, 5]), 5, { size: 2, atMost: 5 }, indices => {
        sizes.push(indices.size);
        return tenfold(indices);
      });
      expect(sizes).toEqual([4, 4, 2]);
    });
  });

  it('are told to who listens, in turns: a loop that stands aside takes none', () => {
    tf.tidy(() => {
      const all = tf.ones([2, 5]);
      const zeros = (): tf.Tensor => tf.zeros([3, 5]);
      const { turns, result } = hearTurns(() => {
        rowsWhere(asked(), 5, { size: 1, atMost: 4 }, tenfold);
        rowsUnless(asked(), 5, { size: 5, atMost: 4 }, zeros);
        rowsWhere(all, 5, { size: 2, atMost: 4 }, tenfold);
        rowsUnless(all, 5, { size: 5, atMost: 4 }, zeros);
        return 'done';
      });
      expect(result).toBe('done');
      // Six rows of three examples, one to an example in a turn.
      expect(turns).toEqual([2, 0, 0, 1]);
      rowsWhere(asked(), 5, { size: 1, atMost: 4 }, tenfold);
      expect(turns).toHaveLength(4);
    });
  });

  it('are left alone where there are too many of all examples together: then all are computed', () => {
    tf.tidy(() => {
      const of = asked();
      const few = { size: 1, atMost: 1 };
      expect(entriesOf(rowsWhere(of, 5, few, () => expect.fail('computed'))).flat()).toEqual(Array(15).fill(0));
      const all = rowsUnless(of, 5, few, start => tf.fill([3, 1], start));
      expect(entriesOf(all)).toEqual(Array(3).fill([0, 1, 2, 3, 4]));
      const enough = rowsUnless(of, 5, { size: 1, atMost: 2 }, () => expect.fail('computed'));
      expect(entriesOf(enough).flat()).toEqual(Array(15).fill(0));
    });
  });

  it('have several results, leave no parts behind and dispose of nothing that is not theirs', () => {
    const of = asked();
    const constant = tf.fill([6, 1], 7);
    const before = tf.memory().numTensors;
    const sizes = { size: 2, atMost: 4 };
    const some = resultsWhere(of, 5, sizes, 2, indices => [constant, tf.neg(tenfold(indices))]);
    const none = resultsWhere(of, 5, { ...sizes, atMost: 1 }, 2, () => expect.fail('computed'));
    const all = resultsUnless(of, 5, { size: 1, atMost: 1 }, 2, start => [
      tf.fill([3, 1], start),
      tf.fill([3, 1], -start),
    ]);
    const nothing = resultsUnless(of, 5, sizes, 2, () => expect.fail('computed'));
    expect(tf.memory().numTensors).toBe(before + 8);
    expect(some.map(entriesOf)).toEqual(
      [
        [
          [0, 7, 0, 7, 0],
          [7, 7, 0, 7, 7],
          [0, 0, 0, 0, 0],
        ],
        [
          [0, -10, 0, -30, 0],
          [-0, -10, 0, -30, -40],
          [0, 0, 0, 0, 0],
        ],
      ].map(part => part.map(row => row.map(entry => expect.closeTo(entry, 6)))),
    );
    expect(all.map(part => entriesOf(part)[2])).toEqual([
      [0, 1, 2, 3, 4],
      [0, -1, -2, -3, -4].map(entry => expect.closeTo(entry, 6)),
    ]);
    for (const part of [...none, ...nothing]) expect(entriesOf(part).flat()).toEqual(Array(15).fill(0));
    tf.dispose([of, constant, ...some, ...none, ...all, ...nothing]);
  });

  it('keep what is not finite where it is', () => {
    tf.tidy(() => {
      const of = tf.tensor2d([1, 0, 1, 0, 1, 0], [2, 3]);
      const values = tf.tensor2d([Number.NaN, Number.POSITIVE_INFINITY, 1], [3, 1]);
      const result = rowsWhere(of, 3, { size: 2, atMost: 3 }, () => values);
      expect(entriesOf(result)).toEqual([
        [Number.NaN, 0, Number.POSITIVE_INFINITY],
        [0, 1, 0],
      ]);
    });
  });
});

describe.runIf(onWebgpu)('rows that are asked for on webgpu', () => {
  beforeAll(() => useBackend('webgpu'));

  it('are all computed, by the loop over all of them', async () => {
    const of = asked();
    const sizes = { size: 1, atMost: 5 };
    const some = rowsWhere(of, 5, sizes, () => expect.fail('computed'));
    const all = rowsUnless(of, 5, sizes, start => tf.fill([3, 1], start));
    expect([...(await some.data())]).toEqual(Array(15).fill(0));
    expect([...(await all.data())]).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
    tf.dispose([of, some, all]);
  });
});
