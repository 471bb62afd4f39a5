/** Certifying computes each batch once, bounds and all: counted in kernels of the backend, which no machine's speed changes. */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { requireSoundBackend } from '../../../runtime/backend/self-test.ts';
import { certify } from '../../../runtime/certify/certify.ts';
import type { RobustModel } from '../../../runtime/contract.ts';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { initializeParams } from '../../../runtime/train/initialize.ts';
import { emittedModel } from '../../support/emitted-model.ts';
import { mlp, textGraph } from '../../support/text-graph.ts';
import { useCpu } from '../../support/toy-model.ts';

let model: RobustModel;
let params: Record<string, tf.Tensor>;

/** How often each kernel runs. */
async function kernelsOf(run: () => unknown): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const engine = tf.engine();
  const original = engine.runKernel.bind(engine);
  vi.spyOn(engine, 'runKernel').mockImplementation((name, ...rest) => {
    counts[name] = (counts[name] ?? 0) + 1;
    return original(name, ...rest);
  });
  await run();
  vi.restoreAllMocks();
  return counts;
}

beforeAll(async () => {
  await useCpu();
  // The self-test runs once for a backend, and is not counted.
  await requireSoundBackend();
  model = await emittedModel(textGraph(mlp));
  params = initializeParams(model.meta.parameters, keyFrom(1));
});
afterEach(() => void vi.restoreAllMocks());

describe('certify with the bounds kept', () => {
  const size = (): number => model.meta.inputShape.reduce((product, dim) => product * dim, 1);
  const examples = () => ({ values: new Float32Array(6 * size()).fill(0.5), labels: new Int32Array(6) });

  it('runs the products of one forward pass and one certificate for each batch', async () => {
    const x = tf.fill([3, ...model.meta.inputShape], 0.5);
    const labels = tf.zeros([3], 'int32') as tf.Tensor1D;
    const forward = await kernelsOf(() => model.forward(params, x));
    const margins = await kernelsOf(() => model.margins(params, x, labels, 0.1));
    const whole = await kernelsOf(() => certify(model, params, examples(), { batch: 3, keepBounds: true }));
    const bare = await kernelsOf(() => certify(model, params, examples(), { batch: 3 }));
    expect(margins.BatchMatMul).toBeGreaterThan(forward.BatchMatMul!);
    for (const kernel of ['BatchMatMul', 'Relu', 'OneHot', 'Sum']) {
      expect(whole[kernel], kernel).toBe(2 * ((forward[kernel] ?? 0) + (margins[kernel] ?? 0)));
      expect(whole[kernel], kernel).toBe(bare[kernel]);
    }
    // Magnitudes of weights are made for the first batch only.
    expect(whole.Abs).toBeLessThan(2 * margins.Abs!);
    expect(whole.Abs).toBe(bare.Abs);
  });

  it('asks the model once for each batch', async () => {
    const asked: string[] = [];
    const listening = new Proxy(model, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          asked.push(String(name));
          return (member as (...given: unknown[]) => unknown)(...given);
        };
      },
    });
    await certify(listening, params, examples(), { batch: 2, keepBounds: true });
    expect(asked).toEqual(['certificate', 'certificate', 'certificate']);
  });
});
