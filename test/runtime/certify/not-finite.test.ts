/** Weights that float32 holds and whose products it does not: nothing that overflows is a proof, wherever it is counted. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { attackExamples } from '../../../runtime/attack/attack-examples.ts';
import { certify } from '../../../runtime/certify/certify.ts';
import { saveCertification } from '../../../runtime/certify/save-certification.ts';
import type { Params, RobustModel } from '../../../runtime/contract.ts';
import { certificationReport, certificationTable } from '../../../runtime/report/certification-report.ts';
import { certified, isFiniteRow, misclassified } from '../../../runtime/statistics/verdict.ts';
import type { Examples } from '../../../runtime/train/batches.ts';
import { readTensors } from '../../../runtime/train/snapshot.ts';
import { train } from '../../../runtime/train/train.ts';
import { readSafetensors } from '../../../runtime/weights/read-safetensors.ts';
import { emittedModel } from '../../support/emitted-model.ts';
import { testedBackends, useBackend } from '../../support/run-on-backend.ts';
import { textGraph } from '../../support/text-graph.ts';

const text = `
  ball linf 0.1
  x = input() : [2]
  dense1 = dense(x) {units: 2, useBias: true} : [2]
  relu1 = relu(dense1) : [2]
  logits = dense(relu1) {units: 2, useBias: true} : [2]
  output logits`;

const largest = 3e38;

/** First weights `a`, last weights `±b`: logits and margins are products of the two. */
const paramsOf = (a: number, b: number): Record<string, tf.Tensor> => ({
  'dense1.weight': tf.fill([2, 2], a),
  'dense1.bias': tf.zeros([2]),
  'logits.weight': tf.tensor2d([b, -b, b, -b], [2, 2]),
  'logits.bias': tf.zeros([2]),
});

const examples: Examples = { values: Float32Array.of(2, 2, 3, 3), labels: Int32Array.of(0, 0) };

describe.each(testedBackends)('weights whose products overflow, on %s', backend => {
  let model: RobustModel;
  beforeAll(async () => {
    await useBackend(backend);
    model = await emittedModel(textGraph(text));
  });

  it('a margin that overflows to infinity proves nothing', async () => {
    const overflowing = paramsOf(largest, 1);
    const x = tf.tensor2d(examples.values, [2, 2]);
    const raw = await model.margins(overflowing, x, tf.tensor1d(examples.labels, 'int32'), 0.1).data();
    // Not a number that is finite and positive: what the module gives would otherwise be a proof, and this test none.
    expect([raw[1], raw[3]].some(margin => !Number.isFinite(margin))).toBe(true);
    const result = await certify(model, overflowing, examples);
    expect(result).toMatchObject({ certified: [false, false], notFinite: 2, robustCrossEntropy: null });
    expect(result.robust.rate).toBe(1);
    expect([...result.margins].every(Number.isNaN)).toBe(true);
  });

  it('finite ones of the same network do', async () => {
    const result = await certify(model, paramsOf(1, 1), examples);
    expect(result).toMatchObject({ certified: [true, true], notFinite: 0 });
    expect(result.robustCrossEntropy).toBeGreaterThan(0);
  });

  it('logits that are no number are misclassified, broken and not certified', async () => {
    // Infinity − Infinity.
    const params = { ...paramsOf(largest, 1), 'logits.weight': tf.tensor2d([1, 1, -1, -1], [2, 2]) };
    const result = await certify(model, params, examples);
    expect(result).toMatchObject({ misclassified: [true, true], certified: [false, false], notFinite: 2 });
    const attack = await attackExamples(model, params, examples, { steps: 3, restarts: 2 });
    expect(attack.broken).toEqual([true, true]);
    expect([...attack.points].every(Number.isFinite)).toBe(true);
  });

  it('reports say so: no number in JSON that JSON cannot hold, a sentence for people', async () => {
    const result = await certify(model, paramsOf(largest, 1), {
      values: examples.values.subarray(0, 2),
      labels: Int32Array.of(0),
    });
    const facts = { meta: model.meta, result, attack: null, backend, threads: 1, workers: 1 };
    const report = certificationReport(facts);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report).toMatchObject({ robustCrossEntropy: null, notFinite: 1, robustError: 1 });
    expect(certificationTable(facts).replaceAll(/[│\s]+/g, ' ')).toContain(
      '1 example has margins that are not finite: weights or bounds overflow float32; it counts as not certified',
    );
  });

  it('a saved file holds no number that reads as a proof', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'dualc-saved-'));
    try {
      const file = path.join(folder, 'c.safetensors');
      await saveCertification(file, await certify(model, paramsOf(largest, 1), examples), model.meta);
      const { metadata, tensors } = await readSafetensors(file);
      expect(metadata.notFinite).toBe('2');
      expect([...(tensors.get('J')!.data as Float32Array)].some(margin => margin > 0)).toBe(false);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('training stops there, and reports no robust error of it', async () => {
    const position = { epoch: 0, step: 0, updates: 0, seconds: 0 };
    const nothing = { crossEntropy: 0, error: 0 };
    const totals = { examples: 0, natural: nothing, robust: nothing, robustExamples: 0 };
    const optimizer = { kind: 'sgd', momentum: 0, weightDecay: 0 } as const;
    const flat = { from: 0, to: 0, epochs: 0 };
    const heard: unknown[] = [];
    const failure = train({
      model,
      examples,
      settings: { epochs: 1, optimizer, naturalWeight: flat, epsilon: { from: 0.1, to: 0.1, epochs: 0 } },
      from: {
        position: { ...position, totals },
        params: await readTensors(paramsOf(largest, 1) as Params),
        optimizer: {},
      },
      hooks: { step: report => void heard.push(report) },
    });
    await expect(failure).rejects.toThrow(
      /training diverged in epoch 1, step 1: the (natural|robust) loss is not finite/,
    );
    expect(heard).toEqual([]);
  });
});

describe('a row of numbers', () => {
  const row = (...entries: number[]): Float32Array => Float32Array.from(entries);
  it.each([
    [[0, 1, 2], true],
    [[0, 1, 0], false],
    [[0, 1, -1], false],
    [[0, 1, Number.POSITIVE_INFINITY], false],
    [[0, Number.NaN, 1], false],
    [[Number.NaN, 1, 1], false],
  ])('of margins %s certifies its first class: %s', (entries, proved) => {
    expect(certified(row(...entries), 0, 3, 0)).toBe(proved);
    expect(isFiniteRow(row(...entries), 0, 3)).toBe(entries.every(Number.isFinite));
  });

  it.each([
    [[2, 1, 0], false],
    [[2, Number.NaN, 0], true],
    [[Number.NaN, 1, 0], true],
    [[Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0], true],
    [[1, 1, 0], true],
  ])('of logits %s misses its first class: %s', (entries, wrong) => {
    expect(misclassified(row(...entries), 0, 3, 0)).toBe(wrong);
  });
});
