/** The backend on the adapter of this machine, where there is one. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { selectBackend } from '../../../../runtime/backend/select-backend.ts';
import { loadWebgpu } from '../../../../runtime/backend/webgpu-backend.ts';
import { certify } from '../../../../runtime/certify/certify.ts';
import { initializeParams, keyFrom } from '../../../../runtime/index.ts';
import type { Examples } from '../../../../runtime/train/batches.ts';
import { train } from '../../../../runtime/train/train.ts';
import { emittedModel } from '../../../support/emitted-model.ts';
import { seededNumbers } from '../../../support/program-inputs.ts';
import { textGraph } from '../../../support/text-graph.ts';
import { whyNoWebgpu } from '../../../support/webgpu-here.ts';

const problem = await whyNoWebgpu();

const text = `
  ball linf 0.01
  x = input() : [6, 6, 2]
  conv1 = conv2d(x) {filters: 4, kernelSize: [3, 3], strides: [2, 2], padding: [1, 1, 1, 1], useBias: true} : [3, 3, 4]
  relu1 = relu(conv1) : [3, 3, 4]
  conv2 = conv2d(relu1) {filters: 4, kernelSize: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1], useBias: true} : [3, 3, 4]
  relu2 = relu(conv2) : [3, 3, 4]
  flat = flatten(relu2) : [36]
  logits = dense(flat) {units: 3, useBias: true} : [3]
  output logits`;

const count = 8;
const next = seededNumbers(5);
const examples: Examples = {
  values: Float32Array.from({ length: count * 72 }, next),
  labels: Int32Array.from({ length: count }, (_, i) => i % 3),
};

/** By a backend of this process; the other one has tensors of its own. */
async function computeOn<T>(backend: 'webgpu' | 'cpu', compute: () => Promise<T>): Promise<T> {
  const started = backend === 'webgpu' ? !('problem' in (await loadWebgpu('this'))) : await tf.setBackend(backend);
  expect(started).toBe(true);
  return compute();
}

function expectNear(found: ArrayLike<number>, wanted: ArrayLike<number>, share: number): void {
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++)
    expect(Math.abs(found[i]! - wanted[i]!)).toBeLessThan(share * (1 + Math.abs(wanted[i]!)));
}

const why = problem === null ? '' : `: ${problem}`;

describe.skipIf(problem !== null)(`WebGPU on the adapter of this machine${why}`, () => {
  it('is taken before WebAssembly on a GPU alone', async () => {
    const asked = await selectBackend({ prefer: 'webgpu' });
    expect(asked).toMatchObject({ name: 'webgpu', threads: 1 });
    expect(tf.getBackend()).toBe('webgpu');
    const { name, passedOver } = await selectBackend();
    const isPassedOver = passedOver.some(other => other.name === 'webgpu');
    expect(isPassedOver || name.startsWith('native')).toBe(asked.warning !== null || name.startsWith('native'));
  });

  it('makes floats of integers where it is asked to', () =>
    computeOn('webgpu', async () => {
      const labels = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3], 'int32');
      const turned = tf.tidy(() => tf.transpose(tf.cast(labels, 'float32')));
      expect(await turned.data()).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
      tf.dispose([labels, turned]);
    }));

  it('makes each long sum at one place, so that its bits are always the same', () =>
    computeOn('webgpu', async () => {
      const numbers = (seed: number): Float32Array => Float32Array.from({ length: 60_000 }, seededNumbers(seed));
      const [left, right] = [numbers(1), numbers(2)];
      const product = tf.tidy(() => tf.matMul(tf.tensor2d(left, [20, 3000]), tf.tensor2d(right, [3000, 20])));
      const sum = left.subarray(0, 3000).reduce((total, factor, i) => total + factor * right[20 * i]!, 0);
      expect((await product.data())[0]).toBeCloseTo(sum, 1);
      product.dispose();
      const { pipelineCache } = tf.backend() as unknown as { readonly pipelineCache: object };
      const shaders = Object.keys(pipelineCache).filter(key => /matmul/i.test(key));
      expect(shaders.length).toBeGreaterThan(0);
      expect(shaders.filter(key => /splitk/i.test(key))).toEqual([]);
    }));

  it.each(['exact', 'interval'])('certifies by %s bounds what the cpu certifies', async bounds => {
    const model = await emittedModel(textGraph(text), { bounds: `certify:${bounds}`, certifyBatch: 4 });
    const certified = () => certify(model, initializeParams(model.meta.parameters, keyFrom(3)), examples, { batch: 4 });
    const found = await computeOn('webgpu', certified);
    const wanted = await computeOn('cpu', certified);
    expect(found.certified).toEqual(wanted.certified);
    expectNear(found.margins, wanted.margins, 1e-5);
    expect(new Set(wanted.margins).size).toBeGreaterThan(count);
  });

  it.each(['interval', 'sketch'])('trains by %s bounds as the cpu does', async bounds => {
    const model = await emittedModel(textGraph(text), { bounds: `train:${bounds}`, trainBatch: 4 });
    const settings = {
      epochs: 1,
      batch: 4,
      optimizer: { kind: 'sgd', momentum: 0, weightDecay: 0 },
      epsilon: { from: 0.01, to: 0.01, epochs: 0 },
    } as const;
    const trained = async () => (await train({ model, examples, settings })).snapshot.params;
    const found = await computeOn('webgpu', trained);
    const wanted = await computeOn('cpu', trained);
    for (const [name, { data }] of Object.entries(wanted)) expectNear(found[name]!.data, data, 1e-4);
    const first = await computeOn('cpu', async () => initializeParams(model.meta.parameters, keyFrom(0)));
    expect(await first['logits.weight']!.data()).not.toEqual(wanted['logits.weight']!.data);
  });
});
