/** The paper authors' trained network on the 3,000 test digits: their figures to the example, and no certified digit falls to an attack. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readGraph } from '../../compiler/compile.ts';
import { attackExamples } from '../../runtime/attack/attack-examples.ts';
import { defaultStepSize } from '../../runtime/attack/attack-options.ts';
import type { Certification } from '../../runtime/certify/certification.ts';
import { certify } from '../../runtime/certify/certify.ts';
import type { RobustModel } from '../../runtime/contract.ts';
import { examplesOf } from '../../runtime/data/dataset.ts';
import { loadDataset } from '../../runtime/data/load-dataset.ts';
import { keyFrom } from '../../runtime/random/random-key.ts';
import { checkOrder } from '../../runtime/report/check-order.ts';
import type { Examples } from '../../runtime/train/batches.ts';
import { makeTensors } from '../../runtime/train/snapshot.ts';
import { loadWeights } from '../../runtime/weights/load-weights.ts';
import { emittedModel } from '../support/emitted-model.ts';
import { useBackend } from '../support/run-on-backend.ts';
import { hasShared, sharedPath } from '../support/shared-data.ts';

const files = ['golden/mnist-small.safetensors', 'golden/mnist-small.json', 'data/mnist'];
const attacked = 300;

describe.runIf(files.every(hasShared))('the small network of the authors on their digits', () => {
  const epsilon = 0.1;
  let examples: Examples;
  let golden: Record<'box' | 'unbounded', { robustError: number; robustCrossEntropy: number }> & {
    standardError: number;
  };
  const loaded: { model: RobustModel; params: Record<string, tf.Tensor> }[] = [];

  const load = async (
    box: readonly [number, number] | null,
    arithmetic: 'float32' | 'real' = 'float32',
    bounds = 'certify:exact',
  ) => {
    const { graph } = readGraph('examples/mnist-small.arch.ts');
    const model = await emittedModel(graph, { arithmetic, bounds, ball: { norm: 'linf', epsilon, box } });
    const params = makeTensors(await loadWeights(sharedPath('golden/mnist-small.safetensors'), model.meta));
    loaded.push({ model, params });
    return { model, params };
  };

  const known = new Map<string, Certification>();
  /** All digits, every row walking. The module of `real` arithmetic says of itself that it proves nothing: here it is told otherwise. */
  const certified = async (box: readonly [number, number] | null, arithmetic: 'float32' | 'real') => {
    const key = JSON.stringify([box, arithmetic]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const { model, params } = await load(box, arithmetic);
    const meta = { ...model.meta, certify: { ...model.meta.certify, proof: { kind: 'exact' } } as const };
    const result = await certify({ ...model, meta }, params, examples, { epsilon, batch: 50 });
    known.set(key, result);
    return result;
  };

  beforeAll(async () => {
    await useBackend('wasm');
    golden = JSON.parse(readFileSync(sharedPath('golden/mnist-small.json'), 'utf8'));
    examples = examplesOf(await loadDataset(sharedPath('data/mnist'), { split: 'test' }));
  });
  afterAll(() => void tf.dispose(loaded.map(({ params }) => params)));

  it.each([
    ['box', [0, 1]],
    ['unbounded', null],
  ] as const)('has their figures: %s', { timeout: 600_000 }, async (name, box) => {
    // Theirs are computed as if nothing were rounded.
    const result = await certified(box, 'real');
    const counts = [result.standard.count, result.robust.count, result.robust.examples];
    // Their standard error is a float32.
    expect(counts).toEqual([
      Math.round(3000 * golden.standardError),
      Math.round(3000 * golden[name].robustError),
      3000,
    ]);
    expect(Math.abs((result.robustCrossEntropy ?? Number.NaN) - golden[name].robustCrossEntropy)).toBeLessThan(1e-6);
  });

  it.each([
    ['box', [0, 1], [550, 1850, 2215]],
    ['unbounded', null, [898, 1554, 2556, 2713]],
  ] as const)(
    'lose few digits to rounding, and those by a hair: %s',
    { timeout: 600_000 },
    async (_name, box, lost) => {
      const [covered, plain] = [await certified(box, 'float32'), await certified(box, 'real')];
      covered.certified.forEach((proved, example) => {
        if (proved) expect(plain.certified[example]).toBe(true);
      });
      const found = [...plain.certified.keys()].filter(n => plain.certified[n] && !covered.certified[n]);
      expect(found).toEqual(lost);
    },
  );

  it('certify some hundred digits with sparse rows as with all, but for what intervals change', async () => {
    const some = { values: examples.values.subarray(0, 784 * attacked), labels: examples.labels.subarray(0, attacked) };
    const results = [];
    for (const bounds of ['certify:exact', 'certify:sparse']) {
      const { model, params } = await load([0, 1], 'float32', bounds);
      results.push(await certify(model, params, some, { epsilon, batch: 50 }));
    }
    const [all, sparse] = results;
    const differ = [...all!.certified.keys()].filter(n => all!.certified[n] !== sparse!.certified[n]);
    expect(all!.robust.count).toBeGreaterThan(0);
    expect(differ.length).toBeLessThanOrEqual(3);
    expect(Math.abs(all!.robustCrossEntropy! - sparse!.robustCrossEntropy!)).toBeLessThan(0.01);
  });

  it('loses no certified digit to an attack', { timeout: 300_000 }, async () => {
    const { model, params } = await load([0, 1], 'float32', '');
    const { values, labels } = examples;
    const some = { values: values.subarray(0, 784 * attacked), labels: labels.subarray(0, attacked) };
    const result = await certify(model, params, some, { epsilon, batch: 50 });
    const options = {
      norm: 'linf',
      epsilon,
      box: [0, 1],
      steps: 30,
      restarts: 3,
      key: keyFrom(1),
      batch: 100,
    } as const;
    const attack = await attackExamples(model, params, some, { ...options, stepSize: defaultStepSize(epsilon, 30) });
    expect(() => checkOrder({ ...result, broken: attack.broken })).not.toThrow();
    // The attack is a real one: it breaks digits that the network gets right.
    expect(attack.attack.count).toBeGreaterThan(result.standard.count);
    expect(attack.attack.count).toBeLessThanOrEqual(result.robust.count);
  });
});
