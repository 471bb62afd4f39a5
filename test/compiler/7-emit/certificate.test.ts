/** One run of the certificate says what the functions say one by one, for any class: cascades ask for others than the label. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Bounds } from '../../../runtime/contract.ts';
import { emittedModel, tensorsFor } from '../../support/emitted-model.ts';
import { randomNetwork } from '../../support/random-network.ts';
import { useBackend } from '../../support/run-on-backend.ts';

const plans = [{}, { bounds: 'interval' }, { bounds: 'backward' }];

const entriesOf = (bounds: Readonly<Record<string, Bounds>>): unknown =>
  Object.entries(bounds).map(([name, { lower, upper }]) => [name, lower.arraySync(), upper.arraySync()]);

describe('the certificate of an emitted module', () => {
  beforeAll(() => useBackend('wasm'));

  it('has the margins of every class, the logits and the bounds of the other functions, to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(randomNetwork, fc.constantFrom(...plans), async (network, plan) => {
        const model = await emittedModel(network.graph, plan);
        const { params, x } = tensorsFor(model, network);
        const { epsilon, batch } = network;
        for (let target = 0; target < model.meta.classes; target++) {
          const classes: tf.Tensor1D = tf.fill([batch], target, 'int32');
          const found = await model.certificate(params, x, epsilon, { classes, bounds: target === 0 });
          expect(found.classes.arraySync()).toEqual(Array(batch).fill(target));
          expect(found.margins.arraySync()).toEqual(model.margins(params, x, classes, epsilon).arraySync());
          expect(found.logits.arraySync()).toEqual(model.forward(params, x).arraySync());
          expect(found.proof).toEqual({ kind: 'exact' });
          if (target > 0) expect(found.bounds).toBeUndefined();
          else expect(entriesOf(found.bounds!)).toEqual(entriesOf(model.bounds(params, x, epsilon)));
        }
        tf.disposeVariables();
      }),
      { numRuns: 25, seed: 5 },
    );
  });

  it('is that of the class with the largest logit when none is asked for', async () => {
    const predictions = new Set<number>();
    await fc.assert(
      fc.asyncProperty(randomNetwork, async network => {
        const model = await emittedModel(network.graph);
        const { params, x } = tensorsFor(model, network);
        const logits = model.forward(params, x).arraySync();
        fc.pre(logits.flat().every(Number.isFinite));
        const predicted = logits.map(row => row.indexOf(Math.max(...row)));
        const { classes, margins } = await model.certificate(params, x, network.epsilon);
        expect(classes.dtype).toBe('int32');
        expect(classes.arraySync()).toEqual(predicted);
        const asked = model.margins(params, x, tf.tensor1d(predicted, 'int32'), network.epsilon);
        expect(margins.arraySync()).toEqual(asked.arraySync());
        for (const label of predicted) predictions.add(label);
      }),
      { numRuns: 25, seed: 6 },
    );
    expect(predictions.size).toBeGreaterThan(2);
  });
});
