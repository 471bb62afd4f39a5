import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { certify } from '../../../runtime/certify/certify.ts';
import type { Proof } from '../../../runtime/contract.ts';
import { InputError } from '../../../runtime/errors.ts';
import { onNative } from '../../support/run-on-backend.ts';
import { toyData, toyMeta, toyModel, toyParams, useCpu } from '../../support/toy-model.ts';

const model = toyModel();
const params = (): Record<string, tf.Tensor> => toyParams(2);
const data = toyData(50, 6);
const probable: Proof = {
  kind: 'probability',
  ...{ delta: 0.01, estimates: 6572, perEstimate: 0.26, projections: 256, estimators: 10, tail: 0.22 },
};

beforeAll(useCpu);

describe('certify', () => {
  it('counts what margins and logits say, one example at a time', async () => {
    const result = await certify(model, params(), data, { epsilon: 0.02, batch: 50 });
    let robustErrors = 0;
    let wrong = 0;
    let entropy = 0;
    data.labels.forEach((label, example) => {
      const x = tf.tensor2d(data.values.subarray(6 * example, 6 * example + 6), [1, 6]);
      const margins = [...model.margins(params(), x, tf.tensor1d([label], 'int32'), 0.02).dataSync()];
      const logits = [...model.forward(params(), x).dataSync()];
      if (margins.some((margin, other) => other !== label && margin <= 0)) robustErrors += 1;
      if (logits.indexOf(Math.max(...logits)) !== label) wrong += 1;
      entropy += Math.log(margins.reduce((sum, margin) => sum + Math.exp(-margin), 0)) / data.labels.length;
      expect([...result.margins.subarray(3 * example, 3 * example + 3)]).toEqual(
        margins.map(m => expect.closeTo(m, 5)),
      );
    });
    expect(robustErrors).toBeGreaterThan(wrong);
    expect(result.robust.count).toBe(robustErrors);
    expect(result.standard.count).toBe(wrong);
    expect(result.robustCrossEntropy).toBeCloseTo(entropy, 5);
    expect(result.robust.interval[0]).toBeLessThan(result.robust.rate);
  });

  it('gives the same whatever the batch, keeps bounds of every example, and leaves no tensor behind', async () => {
    const given = params();
    const before = tf.memory().numTensors;
    const seen: number[] = [];
    const onBatch = (done: number): void => void seen.push(done);
    const whole = await certify(model, given, data, { epsilon: 0.05, batch: 50, keepBounds: true });
    const parts = await certify(model, given, data, { epsilon: 0.05, batch: 16, keepBounds: true, onBatch });
    expect({ ...parts, secondsPerExample: 0 }).toEqual({ ...whole, secondsPerExample: 0 });
    expect(whole.bounds?.relu1?.lower).toHaveLength(50 * 8);
    expect(seen).toEqual([16, 32, 48, 50]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ kind: 'none', why: 'its bounds are estimated by a sketch' }, /to certify nothing: its bounds are estimated/],
    [probable, /certifies with probability 0\.99, and what is reported/],
    [{ kind: 'likely' } as never, /of a kind that is not known here: \{"kind":"likely"\}/],
  ] satisfies [Proof, RegExp][])('refuses what is no proof: %j', async (proof, message) => {
    const other = toyModel({ certify: { ...toyMeta.certify, proof } });
    await expect(certify(other, params(), data, { epsilon: 0.1, batch: 8 })).rejects.toThrow(message);
    await expect(certify(other, params(), data, { epsilon: 0.1, batch: 8 })).rejects.toThrow(InputError);
  });

  it('chooses the ball of the architecture and a batch that fits the memory', async () => {
    const seen: number[] = [];
    const onBatch = (done: number): void => void seen.push(done);
    const open = await certify(model, params(), data);
    const said = await certify(model, params(), data, { epsilon: toyMeta.ball.epsilon, batch: 50 });
    expect({ ...open, secondsPerExample: 0 }).toEqual({ ...said, secondsPerExample: 0 });
    // 0.7 · 5,000 bytes hold the 1,000 of a batch and 25 times the 100 of an example; on TensorFlow it is half, and 15 times.
    await certify(model, params(), data, { memory: 5000, onBatch });
    expect(seen).toEqual(onNative ? [15, 30, 45, 50] : [25, 50]);
    await expect(certify(model, params(), data, { memory: 1000 })).rejects.toThrow(
      /one example needs 1.07 KiB of tensors, more than the 0.977 KiB of the option memory/,
    );
  });

  it.each([
    ['a label that is no class', { ...data, labels: data.labels.with(3, 7) }, /example 3 has label 7.*3 classes/],
    [
      'a value outside the box',
      { ...data, values: data.values.with(13, 1.5) },
      /example 2, value 1, is 1.5, outside the box/,
    ],
    ['a value that is no number', { ...data, values: data.values.with(0, Number.NaN) }, /example 0, value 0, is NaN/],
    ['values missing', { ...data, values: data.values.subarray(1) }, /50 examples.*299 values/],
    [
      'pixels in bytes',
      { ...data, values: new Uint8Array(300) as unknown as Float32Array },
      /values is a Uint8Array of 300/,
    ],
    [
      'labels with a fraction',
      { ...data, labels: new Float32Array(50).fill(0.5) as unknown as Int32Array },
      /labels is a Float32Array/,
    ],
    ['no examples', { values: new Float32Array(0), labels: new Int32Array(0) }, /no examples/],
  ])('refuses %s', async (_, examples, message) => {
    const failure = certify(model, params(), examples, { epsilon: 0.1, batch: 8 });
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow(message);
  });
});
