/** Whoever calls a module disposes of what it returns, tensor by tensor: none may be another one, or one that was given. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RobustModel } from '../../../runtime/contract.ts';
import { train } from '../../../runtime/train/train.ts';
import {
  compileFor,
  type EmissionOptions,
  emittedModel,
  importModel,
  tensorsFor,
} from '../../support/emitted-model.ts';
import { emittedKey } from '../../support/emitted-program.ts';
import { type RandomNetwork, randomNetwork } from '../../support/random-network.ts';
import { useBackend } from '../../support/run-on-backend.ts';
import { textGraph } from '../../support/text-graph.ts';

const plans: readonly EmissionOptions[] = [
  {},
  { bounds: 'interval' },
  { bounds: 'train:sketch', projections: 3 },
  { bounds: 'train:sketch:per-layer', projections: 3 },
];

/** Every tensor in what a function returned, whatever its form. */
function tensorsIn(value: unknown): tf.Tensor[] {
  if (value instanceof tf.Tensor) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(tensorsIn) : [];
}

/** Calls each function of the module, disposes of the returned tensors in turn and looks at those that are left. */
async function disposeOneByOne(model: RobustModel, network: RandomNetwork): Promise<void> {
  const { params, x, labels } = tensorsFor(model, network);
  const given = [x, labels, ...Object.values(params)];
  const { epsilon } = network;
  const results = {
    forward: model.forward(params, x),
    bounds: model.bounds(params, x, epsilon),
    margins: model.margins(params, x, labels, epsilon),
    certificate: await model.certificate(params, x, epsilon, { classes: labels, bounds: true }),
    'certificate of predictions': await model.certificate(params, x, epsilon),
    robustLoss: model.robustLoss(params, x, labels, epsilon, emittedKey),
    naturalLoss: model.naturalLoss(params, x, labels),
    inputGradient: model.inputGradient(params, x, labels),
  };
  for (const [name, result] of Object.entries(results)) {
    const tensors = tensorsIn(result);
    const values = tensors.map(tensor => tensor.dataSync().slice());
    expect(new Set([...tensors, ...given]).size, name).toBe(tensors.length + given.length);
    tensors.forEach((tensor, i) => {
      tensor.dispose();
      const rest = tensors.slice(i + 1).map(left => left.dataSync());
      expect(rest, name).toEqual(values.slice(i + 1));
    });
  }
  expect(given.filter(tensor => tensor.isDisposed)).toEqual([]);
  tf.dispose(given);
}

describe('what a module returns', () => {
  beforeAll(() => useBackend('wasm'));

  it('is disposed one by one, and nothing that was given with it', async () => {
    let shared = 0;
    await fc.assert(
      fc.asyncProperty(randomNetwork, fc.constantFrom(...plans), async (network, plan) => {
        const compiled = compileFor(network.graph, plan);
        const outputs = Object.values(compiled.programs).map(program => Object.values(program.outputs));
        if (outputs.some(values => new Set(values).size < values.length)) shared++;
        const before = tf.memory().numTensors;
        await disposeOneByOne(await importModel(compiled), network);
        expect(tf.memory().numTensors).toBe(before);
      }),
      { numRuns: 45, seed: 3 },
    );
    // Without outputs that are one value there would be nothing to see.
    expect(shared).toBeGreaterThan(5);
  });

  it('can be clipped where two biases have one gradient', async () => {
    const graph = textGraph(`
      x = input() : [3]
      left = dense(x) {units: 4, useBias: true} : [4]
      right = dense(x) {units: 4, useBias: true} : [4]
      both = add(left, right) : [4]
      h = relu(both) : [4]
      logits = dense(h) {units: 2, useBias: true} : [2]
      output logits`);
    const examples = { values: Float32Array.of(0.1, 0.9, 0.4, 0.8, 0.2, 0.5), labels: Int32Array.of(0, 1) };
    for (const naturalWeight of [0, 1]) {
      const before = tf.memory().numTensors;
      const { complete } = await train({
        model: await emittedModel(graph),
        examples,
        settings: { epochs: 1, clip: 0.01, naturalWeight: { from: naturalWeight, to: naturalWeight, epochs: 0 } },
      });
      expect(complete).toBe(true);
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});
