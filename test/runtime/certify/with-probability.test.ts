/** Modules whose bounds hold with a probability: taken when that is said to be enough, and only then. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { certify } from '../../../runtime/certify/certify.ts';
import type { RobustModel } from '../../../runtime/contract.ts';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { initializeParams } from '../../../runtime/train/initialize.ts';
import { emittedModel } from '../../support/emitted-model.ts';
import { convolutional, textGraph } from '../../support/text-graph.ts';
import { useCpu } from '../../support/toy-model.ts';

const probability = { delta: 0.05, projections: 128, estimators: 1 };
const graph = textGraph(convolutional);
let model: RobustModel;
let exact: RobustModel;
let params: Record<string, tf.Tensor>;
const count = 6;
const examples = {
  values: new Float32Array(count * 64).map((_, i) => ((7 * i) % 13) / 13),
  labels: new Int32Array(count),
};

beforeAll(async () => {
  await useCpu();
  model = await emittedModel(graph, { probability });
  exact = await emittedModel(graph, { bounds: 'certify:exact' });
  params = initializeParams(model.meta.parameters, keyFrom(1));
});

const run = (seed: number, batch: number) =>
  certify(model, params, examples, { epsilon: 0.02, batch, keepBounds: true, probability: { seed } });

describe('certify', () => {
  it('refuses such a module, and one that needs no draws where some are asked for', async () => {
    await expect(certify(model, params, examples, { epsilon: 0.02 })).rejects.toThrow(
      /with probability 0\.95, and what is reported here always holds.*probability: \{ seed \}/,
    );
    await expect(certify(exact, params, examples, { epsilon: 0.02, probability: { seed: 1 } })).rejects.toThrow(
      /bounds that always hold/,
    );
    await expect(certify(model, params, examples, { probability: {} as never })).rejects.toThrow(/seed/);
    await expect(certify(model, params, examples, { probability: { seed: -1 } })).rejects.toThrow(/seed/);
  });

  it('draws the same for every example and batch, and otherwise from another seed', async () => {
    const [whole, parts, other] = [await run(3, count), await run(3, 4), await run(4, count)];
    expect({ ...parts, secondsPerExample: 0 }).toEqual({ ...whole, secondsPerExample: 0 });
    expect(whole.seed).toBe(3);
    expect(other.margins).not.toEqual(whole.margins);
    expect(other.bounds!.relu1).toEqual(whole.bounds!.relu1);
  });

  it('gives bounds that lie around the exact ones, in closed form the same', async () => {
    const given = await certify(exact, params, examples, { epsilon: 0.02, batch: count, keepBounds: true });
    const found = await run(3, count);
    expect(found.bounds!.relu1).toEqual(given.bounds!.relu1);
    for (const layer of ['relu2', 'relu3', 'relu4']) {
      const widths = ({ lower, upper }: { lower: Float32Array; upper: Float32Array }) =>
        upper.map((end, i) => end - lower[i]!);
      const [wide, narrow] = [widths(found.bounds![layer]!), widths(given.bounds![layer]!)];
      // A wider bound makes another band, and that now and then a narrower bound behind it.
      expect(wide.filter((width, i) => width >= narrow[i]!).length, layer).toBeGreaterThan(0.95 * wide.length);
      expect(Math.max(...wide.map((width, i) => width / narrow[i]!)), layer).toBeLessThan(10);
    }
  });

  it('says in the module what it proves, and that its functions need a key', async () => {
    expect(model.meta.certify.proof).toMatchObject({ kind: 'probability', ...probability, estimates: 138 });
    expect(model.meta.draws).toEqual(['margins', 'bounds', 'certificate', 'robustLoss']);
    const x = tf.zeros([1, 8, 8, 1]);
    await expect(model.certificate(params, x, 0.1)).rejects.toThrow(/key/);
    const { proof } = await model.certificate(params, x, 0.1, { key: keyFrom(1) });
    expect(proof.kind).toBe('probability');
  });
});
