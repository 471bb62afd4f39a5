import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../runtime/errors.ts';
import { train } from '../../../runtime/train/train.ts';
import type { TrainSettings } from '../../../runtime/train/train-settings.ts';
import { toyModel, useCpu } from '../../support/toy-model.ts';
import { toyRun, toySettings } from '../../support/toy-run.ts';

const withSettings = (change: Partial<TrainSettings>): { settings: TrainSettings } => ({
  settings: { ...toySettings, ...change },
});

beforeAll(useCpu);

describe('train', () => {
  it('learns, follows its schedules, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const run = toyRun(withSettings({ epochs: 4 }));
    const result = await train(run);
    expect(result.complete).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
    const { steps, epochs } = run.heard;
    expect(steps).toHaveLength(4 * 7);
    expect(epochs.map(report => report.bounds)).toEqual(['interval', 'interval', 'interval', 'sketch']);
    expect(steps[0]).toMatchObject({ epoch: 1, step: 1, steps: 7, epsilon: 0, naturalWeight: 1, robust: null });
    expect(steps[7]).toMatchObject({ epoch: 2, step: 1, epsilon: 0.01, naturalWeight: 0.625, learningRate: 0.02 });
    expect(steps[27]).toMatchObject({ epsilon: 0.02, naturalWeight: 0.25, learningRate: 0.005 });
    expect(epochs[3]!.natural.crossEntropy).toBeLessThan(0.8 * epochs[0]!.natural.crossEntropy);
    expect(epochs[3]!.natural.error).toBeLessThan(epochs[0]!.natural.error);
    expect(epochs[3]!.robust!.crossEntropy).toBeGreaterThan(epochs[3]!.natural.crossEntropy);
  });

  it.each([
    ['adam', { kind: 'adam', weightDecay: 1e-4 }],
    ['sgd with momentum', { kind: 'sgd', momentum: 0.9, weightDecay: 1e-3 }],
    ['sgd without momentum', { kind: 'sgd', momentum: 0, weightDecay: 0 }],
  ] as const)('goes on from any snapshot to the same bits: %s', async (_, optimizer) => {
    const whole = toyRun({ ...withSettings({ optimizer }), saveSeconds: 0 });
    const end = await train(whole);
    // Saved after every step, and once more where an epoch's totals are closed.
    expect(whole.heard.saved).toHaveLength(4 * 7);
    for (const at of [0, 8, 13, 24]) {
      const rest = toyRun({ ...withSettings({ optimizer }), from: structuredClone(whole.heard.saved[at]!) });
      const resumed = await train(rest);
      expect(resumed.snapshot.params).toEqual(end.snapshot.params);
      expect(resumed.snapshot.optimizer).toEqual(end.snapshot.optimizer);
      const told = rest.heard.epochs.map(report => ({ ...report, seconds: 0 }));
      expect(told).toEqual(whole.heard.epochs.slice(-told.length).map(report => ({ ...report, seconds: 0 })));
    }
  });

  it('takes a radius that float32 cannot hold, on the way to one that it can, for 0', async () => {
    const run = toyRun(withSettings({ epochs: 4, epsilon: { from: 0, to: 4e-38, epochs: 4 } }));
    await train(run);
    const radii = run.heard.steps.map(({ epsilon }) => epsilon);
    expect(radii.slice(0, 7)).toEqual(Array(7).fill(0));
    expect(radii.at(-1)).toBeGreaterThan(2 ** -126);
  });

  it('gives other weights for another seed and the same for the same', async () => {
    const weights = async (seed: number): Promise<unknown> =>
      (await train(toyRun(withSettings({ seed })))).snapshot.params;
    expect(await weights(1)).toEqual(await weights(1));
    expect(await weights(1)).not.toEqual(await weights(2));
  });

  it('stops after the step under way when asked, with a snapshot to go on from', async () => {
    const stop = new AbortController();
    const run = toyRun({ signal: stop.signal });
    const cut = {
      ...run,
      hooks: { ...run.hooks, step: ({ updates }: { updates: number }) => (updates === 10 ? stop.abort() : undefined) },
    };
    const half = await train(cut);
    expect(half.complete).toBe(false);
    expect(half.snapshot.position).toMatchObject({ epoch: 1, step: 3, updates: 10 });
    expect(run.heard.saved.at(-1)).toEqual(half.snapshot);
    const end = await train(toyRun({ from: half.snapshot }));
    expect(end.snapshot.params).toEqual((await train(toyRun())).snapshot.params);
  });

  it('stops on a loss that is not a number: says where, saves nothing broken, leaves no tensor behind', async () => {
    const model = toyModel();
    const broken = toyModel();
    let calls = 0;
    const run = toyRun({
      phases: [
        {
          bounds: 'interval',
          epochs: 4,
          model: {
            ...model,
            robustLoss: (...args) => {
              calls += 1;
              if (calls < 9) return model.robustLoss(...args);
              const loss = broken.robustLoss(...args);
              return { ...loss, crossEntropy: tf.mul(loss.crossEntropy, Number.NaN) };
            },
            bounds: (...args) => {
              const { relu1 } = model.bounds(...args);
              return { relu1: { lower: tf.mul(relu1!.lower, Number.NaN), upper: relu1!.upper } };
            },
          },
        },
      ],
      ...withSettings({ naturalWeight: { from: 0, to: 0, epochs: 0 } }),
    });
    const failure = train(run);
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow(
      /epoch 2, step 2: the robust loss .* bounds of the input of relu1 \(toy.arch.ts:3\)/,
    );
    expect(run.heard.saved).toHaveLength(1);
  });

  it('does not save parameters that overflowed', async () => {
    const run = toyRun(withSettings({ learningRate: 1e38, optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 1 } }));
    await expect(train(run)).rejects.toThrow(/training diverged in epoch 1/);
    expect(run.heard.saved).toEqual([]);
  });
});
