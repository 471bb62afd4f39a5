/** Examples whose robust loss is left out: the loss and its gradient against sums over single examples. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { lossHere } from '../../../runtime/train/batch-loss.ts';
import { type Examples, gatherExamples } from '../../../runtime/train/batches.ts';
import { addBatch, emptyTotals, meansOf } from '../../../runtime/train/epoch-totals.ts';
import type { TrainingLoss } from '../../../runtime/train/training-loss.ts';
import { shardsOf } from '../../../runtime/workers/loss-by-shards.ts';
import { toyData, toyModel, toyParams, useCpu } from '../../support/toy-model.ts';

beforeAll(useCpu);

const model = toyModel();
const epsilon = 0.03;
const count = 9;
const proved = Uint8Array.of(0, 1, 1, 0, 0, 1, 0, 1, 1);
const data = toyData(count);

const lossOf = (examples: Examples, naturalWeight: number): Promise<TrainingLoss> =>
  lossHere({ model, params: toyParams(2), examples, epsilon, naturalWeight, key: keyFrom(1) });

const gradientOf = async (loss: TrainingLoss): Promise<number[]> => {
  const values: number[] = [];
  for (const name of Object.keys(loss.gradients).sort()) values.push(...(await loss.gradients[name]!.data()));
  tf.dispose(loss.gradients);
  return values;
};

/** Sums over the examples, one at a time: each has its natural loss, and those that are open their robust one. */
async function expected(naturalWeight: number): Promise<number[]> {
  const sum: number[] = [];
  for (let example = 0; example < count; example++) {
    const alone = gatherExamples(data, Uint32Array.of(example), [6]);
    const natural = await gradientOf(await lossOf(alone, 1));
    const robust = await gradientOf(await lossOf(alone, 0));
    natural.forEach((entry, at) => {
      const part = naturalWeight * entry + (proved[example] === 0 ? (1 - naturalWeight) * robust[at]! : 0);
      sum[at] = (sum[at] ?? 0) + part / count;
    });
  }
  return sum;
}

describe('the loss of a batch with proved examples', () => {
  it.each([0, 0.3, 0.8, 1])('has the gradient of the sum over its examples, natural weight %d', async naturalWeight => {
    const gradient = await gradientOf(await lossOf({ ...data, proved }, naturalWeight));
    const wanted = await expected(naturalWeight);
    gradient.forEach((entry, at) => {
      expect(entry).toBeCloseTo(wanted[at]!, 5);
    });
    // It is not that of the batch whose examples are all open, except where nothing robust counts.
    const open = await gradientOf(await lossOf(data, naturalWeight));
    const differs = open.some((entry, at) => Math.abs(entry - wanted[at]!) > 1e-3);
    expect(differs).toBe(naturalWeight < 1);
  });

  it('reports the robust loss of the open ones', async () => {
    const open = gatherExamples(
      data,
      Uint32Array.from(proved.keys()).filter(at => proved[at] === 0),
      [6],
    );
    const marked = await lossOf({ ...data, proved }, 0.5);
    const alone = await lossOf(open, 0.5);
    expect(marked.robustExamples).toBe(4);
    expect(marked.robust!.crossEntropy).toBeCloseTo(alone.robust!.crossEntropy, 5);
    const means = meansOf(addBatch(addBatch(emptyTotals, marked, count), alone, 4));
    expect(means.robust!.crossEntropy).toBeCloseTo(alone.robust!.crossEntropy, 5);
    tf.dispose([marked.gradients, alone.gradients]);
  });

  it('has no robust loss where all are proved, and the weighted gradient of the natural one', async () => {
    const settled = { ...data, proved: new Uint8Array(count).fill(1) };
    const loss = await lossOf(settled, 0.25);
    expect(loss.robust).toBeNull();
    const natural = await gradientOf(await lossOf(data, 1));
    (await gradientOf(loss)).forEach((entry, at) => {
      expect(entry).toBeCloseTo(0.25 * natural[at]!, 6);
    });
  });

  it('leaves no tensor behind', async () => {
    tf.dispose((await lossOf({ ...data, proved }, 0.5)).gradients);
    const before = tf.memory().numTensors;
    const params = toyParams(2);
    const key = keyFrom(1);
    const loss = await lossHere({ model, params, examples: { ...data, proved }, epsilon, naturalWeight: 0.5, key });
    tf.dispose([params, loss.gradients]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('marks go along into batches and shards', () => {
  const marked = { ...data, proved };
  expect([...gatherExamples(marked, Uint32Array.of(5, 0, 8), [6]).proved!]).toEqual([1, 0, 1]);
  expect(shardsOf(marked, 2).flatMap(shard => [...shard.proved!])).toEqual([...proved]);
});
