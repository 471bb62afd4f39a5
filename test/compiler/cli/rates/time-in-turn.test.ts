import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { timeInTurn } from '../../../../compiler/cli/rates/time-in-turn.ts';
import { useBackend } from '../../../support/run-on-backend.ts';

beforeAll(() => useBackend('cpu'));
afterEach(() => vi.restoreAllMocks());

it('takes the first quartile of each call, made in turn with the others, the first round left out', async () => {
  let clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  const order: string[] = [];
  const call = (name: string, milliseconds: readonly number[]) => {
    let turn = 0;
    return () => {
      order.push(name);
      clock += milliseconds[turn++]!;
      return tf.scalar(turn);
    };
  };
  const seen: number[] = [];
  const before = tf.memory().numTensors;
  const times = await timeInTurn([call('a', [900, 8, 1, 4, 2]), call('b', [900, 30, 50, 40, 20])], {
    rounds: 4,
    onRound: done => seen.push(done),
    nextTurn: () => Promise.resolve(),
  });
  expect(times).toEqual([2, 30]);
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b', 'a', 'b']);
  expect(seen).toEqual([0, 0, 1, 2, 3, 4]);
  expect(tf.memory().numTensors).toBe(before);
});
