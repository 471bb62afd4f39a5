/** Losses of shards against that of the whole batch, and training with them. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { selectBackend } from '../../../runtime/backend/select-backend.ts';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { lossHere } from '../../../runtime/train/batch-loss.ts';
import { readTensors, type Snapshot } from '../../../runtime/train/snapshot.ts';
import { train } from '../../../runtime/train/train.ts';
import type { TrainingLoss } from '../../../runtime/train/training-loss.ts';
import { lossByShards, requireShards, shardsOf } from '../../../runtime/workers/loss-by-shards.ts';
import { startWorkers, type Workers } from '../../../runtime/workers/start-workers.ts';
import { toyData, toyMeta, toyModel, toyParams } from '../../support/toy-model.ts';
import { toyRun } from '../../support/toy-run.ts';
import { bundled } from '../../support/workers/bundled.ts';

const bundles = { toy: bundled('toy-module'), dying: bundled('dying-module') };
const model = toyModel({}, 0.5);
const data = toyData(20, 6);
let workers: Workers | undefined;
let folder: string;

beforeAll(() => selectBackend({ prefer: 'wasm' }));
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dualc-workers-'));
  process.env.DUALC_TEST_DEATHS = folder;
});
afterEach(async () => {
  await workers?.close();
  workers = undefined;
  rmSync(folder, { recursive: true });
});

/** Both phases of a run may have the same module: what differs between them is its name for the loss. */
function start(module: keyof typeof bundles, count: number, models = 1): Workers {
  const source = { kind: 'file', url: bundles[module].href } as const;
  const equipment = { models: Array.from({ length: models }, () => source), weights: [], backend: 'wasm' } as const;
  workers = startWorkers(equipment, count);
  return workers;
}

async function numbersOf({ natural, robust, gradients }: TrainingLoss) {
  const values = await readTensors(gradients);
  tf.dispose(gradients);
  const losses = [natural.crossEntropy, natural.error, robust?.crossEntropy ?? 0, robust?.error ?? 0];
  return { losses, gradients: Object.entries(values).flatMap(([, weight]) => [...weight.data]) };
}

describe('the loss of shards', () => {
  it.each([0, 0.25, 1])('is that of the batch, at natural weight %f', async naturalWeight => {
    const params = toyParams(2);
    const step = { model, params, examples: data, epsilon: 0.02, naturalWeight, key: keyFrom(3) };
    const whole = await numbersOf(await lossHere(step));
    const before = tf.memory().numTensors;
    for (const count of [1, 3]) {
      const shared = await numbersOf(await lossByShards(start('toy', count), [model])(step));
      await workers?.close();
      expect(shared.gradients.length).toBe(whole.gradients.length);
      if (count === 1) expect(shared).toEqual(whole);
      shared.losses.forEach((loss, at) => {
        expect(loss).toBeCloseTo(whole.losses[at]!, 6);
      });
      shared.gradients.forEach((entry, at) => {
        expect(entry).toBeCloseTo(whole.gradients[at]!, 6);
      });
    }
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(params);
  });

  it('is of no more shards than there are examples', async () => {
    const params = toyParams(2);
    const examples = toyData(2, 6);
    const step = { model, params, examples, epsilon: 0.02, naturalWeight: 0.5, key: keyFrom(3) };
    const whole = await numbersOf(await lossHere(step));
    const shared = await numbersOf(await lossByShards(start('toy', 3), [model])(step));
    expect(shared.losses[0]).toBeCloseTo(whole.losses[0]!, 6);
  });

  it('is refused for a network whose batches are more than their examples', () => {
    const [first, ...rest] = toyMeta.parameters;
    expect(() => requireShards(toyMeta)).not.toThrow();
    expect(() => requireShards({ ...toyMeta, trainingDiffers: true })).toThrow(/--workers 1/);
    expect(() => requireShards({ ...toyMeta, parameters: [{ ...first!, kind: 'running' }, ...rest] })).toThrow(
      expect.objectContaining({ name: 'InputError' }),
    );
  });
});

it('shards are runs of the examples, in order, as equal as can be', () => {
  const { values, labels } = toyData(11, 3);
  const shards = shardsOf({ values, labels }, 4);
  expect(shards.map(shard => shard.labels.length)).toEqual([2, 3, 3, 3]);
  expect(shards.flatMap(shard => [...shard.labels])).toEqual([...labels]);
  expect(shards.flatMap(shard => [...shard.values])).toEqual([...values]);
});

describe('training by shards', () => {
  /** Both phases with the noisy loss: one module serves both. */
  const phases = [
    { bounds: 'interval', epochs: 3, model },
    { bounds: 'sketch', epochs: 1, model },
  ];
  const bits = ({ params, optimizer }: Snapshot): unknown => ({ params, optimizer });
  const trained = async (pool: Workers, from: Snapshot | null = null) => {
    const run = toyRun({ phases, from, lossOfBatch: lossByShards(pool, [model]) });
    return { ...(await train(run)), heard: run.heard };
  };

  it('gives the same bits again, also from a snapshot and when workers die, and nearly those of one thread', async () => {
    const alone = await train(toyRun({ phases }));
    const shared = await trained(start('toy', 2));
    await workers?.close();
    const again = await trained(start('dying', 2), shared.heard.saved[1]!);
    await workers?.close();
    expect(readdirSync(folder)).toEqual(['loss']);
    rmSync(path.join(folder, 'loss'));
    const died = await trained(start('dying', 2));
    expect(readdirSync(folder)).toEqual(['loss']);
    expect(bits(died.snapshot)).toEqual(bits(shared.snapshot));
    expect(bits(again.snapshot)).toEqual(bits(shared.snapshot));
    for (const [name, { data: values }] of Object.entries(shared.snapshot.params)) {
      values.forEach((value, at) => {
        expect(value).toBeCloseTo(alone.snapshot.params[name]!.data[at]!, 3);
      });
    }
  });

  it('ends with what a step of one thread says when its loss is not finite', async () => {
    const endless = toyRun({
      phases,
      settings: { learningRate: 1e30, clip: null, epochs: 4, naturalWeight: { from: 1, to: 1, epochs: 0 } },
    });
    const message = await train(endless).then(
      () => 'it went on',
      (error: Error) => error.message,
    );
    const pool = start('toy', 2);
    const shared = train({ ...endless, lossOfBatch: lossByShards(pool, [model]) });
    await expect(shared).rejects.toThrow(message);
    expect(message).toMatch(/training diverged/);
  });
});
