/** Parameters that losses move themselves: training keeps their new values, and its gradients leave them alone. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LossWithGradients, ParameterMeta, RobustModel } from '../../../runtime/contract.ts';
import { train } from '../../../runtime/train/train.ts';
import { toyData, toyMeta, toyModel, useCpu } from '../../support/toy-model.ts';
import { toySettings } from '../../support/toy-run.ts';

const counter: ParameterMeta = {
  name: 'norm.steps',
  layer: 'norm',
  shape: [1],
  kind: 'running',
  initial: { kind: 'constant', value: 0 },
  pytorch: { axes: [0] },
};

/** The toy model with a statistic that grows by 1 with every loss that is computed, and what it is called with. */
function counting(give: (next: tf.Tensor) => Record<string, tf.Tensor> = next => ({ 'norm.steps': next })) {
  const model = toyModel({ parameters: [counter, ...toyMeta.parameters] });
  const keys: unknown[] = [];
  const counted = (loss: LossWithGradients, before: tf.Tensor | undefined): LossWithGradients => ({
    ...loss,
    statistics: give(tf.tidy(() => tf.add(before!, 1))),
  });
  const counts: RobustModel = {
    ...model,
    naturalLoss(params, x, labels, key) {
      keys.push(key);
      return counted(model.naturalLoss(params, x, labels), params['norm.steps']);
    },
    robustLoss: (params, x, labels, epsilon, key) =>
      counted(model.robustLoss(params, x, labels, epsilon, key), params['norm.steps']),
  };
  return { model: counts, keys };
}

const settingsFor = (naturalWeight: number) => ({
  ...toySettings,
  epochs: 2,
  naturalWeight: { from: naturalWeight, to: naturalWeight, epochs: 0 },
  optimizer: { kind: 'adam', weightDecay: 0.01 } as const,
});

beforeAll(useCpu);

describe('running statistics', () => {
  it.each([1, 0.5, 0])('are kept, one step after the other, at a natural weight of %d', async naturalWeight => {
    const examples = toyData(60);
    const settings = settingsFor(naturalWeight);
    const before = tf.memory().numTensors;
    const { snapshot } = await train({ model: counting().model, examples, settings });
    const plain = await train({ model: toyModel(), examples, settings });
    expect(tf.memory().numTensors).toBe(before);
    const { 'norm.steps': steps, ...trained } = snapshot.params;
    expect([...steps!.data]).toEqual([2 * Math.ceil(60 / settings.batch)]);
    expect(trained).toEqual(plain.snapshot.params);
    expect(snapshot.optimizer).toEqual(plain.snapshot.optimizer);
  });

  it('go on where a snapshot left them', async () => {
    const settings = settingsFor(1);
    const run = { model: counting().model, examples: toyData(60), settings };
    const whole = await train(run);
    const half = { ...whole.snapshot, position: { ...whole.snapshot.position, epoch: 1, step: 0 } };
    const { snapshot } = await train({ ...run, from: half });
    const perEpoch = Math.ceil(60 / settings.batch);
    expect(snapshot.params['norm.steps']!.data[0]).toBe(3 * perEpoch);
  });

  it('are what the model says they are, no less and no more', async () => {
    const examples = toyData(20);
    const before = tf.memory().numTensors;
    const without = counting(next => {
      next.dispose();
      return {};
    });
    await expect(train({ model: without.model, examples, settings: settingsFor(1) })).rejects.toThrow(
      /the model gave the statistics \[\], and its meta lists \[norm\.steps\]/,
    );
    const other = counting(next => ({ 'norm.mean': next }));
    await expect(train({ model: other.model, examples, settings: settingsFor(1) })).rejects.toThrow(
      /gave the statistics \[norm\.mean\]/,
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('a loss without a ball draws too: each step gives it another key', async () => {
    const { model, keys } = counting();
    await train({ model, examples: toyData(60), settings: settingsFor(1) });
    expect(new Set(keys.map(String)).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(2);
  });
});

it('the natural loss beside a robust one is that of the network as it is trained', async () => {
  const asUsed = toyModel();
  const sevens: RobustModel['forward'] = (_params, x) => tf.tile(tf.tensor2d([[7, 0, 0]]), [x.shape[0]!, 1]);
  const asTrained: RobustModel = { ...toyModel({ trainingDiffers: true }), forwardInTraining: sevens };
  const examples = { ...toyData(20), labels: new Int32Array(20) };
  const errors: number[] = [];
  for (const model of [asUsed, asTrained]) {
    const hooks = { step: ({ natural }: { natural: { error: number } }) => void errors.push(natural.error) };
    await train({ model, examples, settings: { ...settingsFor(0), epochs: 1, batch: 20 }, hooks });
  }
  expect(errors[1]).toBe(0);
  expect(errors[0]).toBeGreaterThan(0);
});
