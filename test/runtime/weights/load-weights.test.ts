import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examplesOf } from '../../../runtime/data/dataset.ts';
import { loadDataset } from '../../../runtime/data/load-dataset.ts';
import { InputError } from '../../../runtime/errors.ts';
import { encodeSafetensors } from '../../../runtime/weights/encode-safetensors.ts';
import { loadWeights, loadWeightsFile } from '../../../runtime/weights/load-weights.ts';
import type { NamedTensor } from '../../../runtime/weights/named-tensor.ts';
import { parseSafetensors } from '../../../runtime/weights/parse-safetensors.ts';
import { readSafetensors } from '../../../runtime/weights/read-safetensors.ts';
import { saveWeights } from '../../../runtime/weights/save-weights.ts';
import { weightTensors } from '../../../runtime/weights/weight-tensors.ts';
import { type Weights, weightsFrom } from '../../../runtime/weights/weights-from.ts';
import { hasShared, sharedPath } from '../../support/shared-data.ts';
import { dense, fixtureNet, metaOf, mnistSmall } from './net-meta.ts';
import { forward } from './plain-forward.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'dualc-weights-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const someWeights: Weights = Object.fromEntries(
  fixtureNet.parameters.map(({ name, shape }, at) => {
    const length = shape.reduce((a, b) => a * b);
    return [name, { shape, data: Float32Array.from({ length }, (_, i) => Math.sin(100 * at + i)) }];
  }),
);

const load = (tensors: readonly NamedTensor[], metadata: Record<string, string>, meta = fixtureNet) =>
  weightsFrom(parseSafetensors(encodeSafetensors(tensors, metadata), 'w.safetensors'), meta, 'w.safetensors');

const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return String(error);
  }
  throw new Error('nothing was refused');
};

describe('loadWeights and saveWeights', () => {
  it.each(['tfjs', 'pytorch'] as const)('keep every bit in layout %s', async layout => {
    const file = path.join(folder, `${layout}.safetensors`);
    await saveWeights(file, someWeights, fixtureNet, layout, { trainedOn: 'digits/train' });
    expect(await loadWeights(file, fixtureNet)).toEqual(someWeights);
    expect(await loadWeightsFile(file, fixtureNet)).toMatchObject({
      layout,
      metadata: { layout, trainedOn: 'digits/train' },
    });
    const stored = (await readSafetensors(file)).tensors.get('conv1.weight')!;
    expect(stored.shape).toEqual(layout === 'tfjs' ? [2, 3, 2, 3] : [3, 2, 2, 3]);
  });

  const golden = 'golden/mnist-small.safetensors';
  it.skipIf(!hasShared(golden) || !hasShared('data/mnist'))(
    'give the golden network its published standard error on 3,000 digits',
    { timeout: 120_000 },
    async () => {
      const weights = await loadWeights(sharedPath(golden), mnistSmall);
      const { values, labels } = examplesOf(await loadDataset(sharedPath('data/mnist'), { split: 'test' }));
      const steps = [
        { layer: 'conv1', relu: true, stride: 2, pad: 1 },
        { layer: 'conv2', relu: true, stride: 2, pad: 1 },
        { layer: 'dense1', relu: true },
        { layer: 'logits', relu: false },
      ];
      let errors = 0;
      for (const [at, label] of labels.entries()) {
        const logits = forward(weights, steps, values.subarray(784 * at, 784 * (at + 1)), [28, 28, 1]);
        if (logits.indexOf(Math.max(...logits)) !== label) errors++;
      }
      // standardError of ../shared/golden/mnist-small.json: 0.026 of 3,000.
      expect([labels.length, errors]).toEqual([3000, 78]);
    },
  );
});

describe('loadWeights decides the layout', () => {
  const tensors = (layout: 'tfjs' | 'pytorch') => weightTensors(someWeights, fixtureNet, layout);

  it.each(['tfjs', 'pytorch'] as const)('by shapes when the metadata is silent: %s', layout => {
    const loaded = load(tensors(layout), {});
    expect(loaded.layout).toBe(layout);
    expect(loaded.weights).toEqual(someWeights);
  });

  it('and asks when the shapes fit both', () => {
    const square = metaOf('square.arch.ts', [3], dense('logits', [3, 3]));
    const weights = {
      'logits.weight': { shape: [3, 3], data: new Float32Array(9) },
      'logits.bias': { shape: [3], data: new Float32Array(3) },
    };
    expect(messageOf(() => load(weightTensors(weights, square, 'tfjs'), {}, square))).toMatch(
      /w\.safetensors: its metadata has no layout, and the shapes do not decide.*dualc import.*--layout/,
    );
  });

  it('and refuses one it does not know', () => {
    expect(messageOf(() => load(tensors('tfjs'), { layout: 'caffe' }))).toMatch(
      /layout is "caffe"; known are tfjs, pytorch/,
    );
  });
});

describe('loadWeights lists', () => {
  it('everything that does not fit, at once', () => {
    const tensors = weightTensors(someWeights, fixtureNet, 'pytorch').map(tensor => {
      if (tensor.name === 'conv1.weight') return { ...tensor, name: 'conv1.wieght' };
      if (tensor.name === 'dense1.weight') return { ...tensor, shape: [16, 5] };
      if (tensor.name === 'conv2.bias') return { ...tensor, dtype: 'I32' as const, data: new Int32Array(4) };
      if (tensor.name !== 'logits.weight') return tensor;
      const data = Float32Array.from(tensor.data, Number);
      data[7] = Number.NaN;
      data[9] = Number.NEGATIVE_INFINITY;
      return { ...tensor, data };
    });
    tensors.push({ name: 'extra', dtype: 'F32', shape: [1], data: new Float32Array(1) });
    expect(messageOf(() => load(tensors, { layout: 'pytorch' })).split('\n')).toEqual([
      'InputError: w.safetensors does not fit fixture.arch.ts (shapes in layout pytorch):',
      '  missing: conv1.weight [3, 2, 2, 3]',
      '  wrong shape: dense1.weight is [16, 5] in the file and [5, 16] in the network',
      '  unexpected: "conv1.wieght" [3, 2, 2, 3]; did you mean "conv1.weight"?',
      '  unexpected: "extra" [1]',
      '  wrong type: conv2.bias is I32 in the file, and a weight is a floating-point number',
      '  not finite: logits.weight is NaN at [1, 2] (and at 1 more places)',
    ]);
  });

  it('a double that is too large for float32', () => {
    const tensors = weightTensors(someWeights, fixtureNet, 'tfjs').map(tensor =>
      tensor.name === 'conv1.bias' ? { ...tensor, dtype: 'F64' as const, data: Float64Array.of(0, 1e300, 0) } : tensor,
    );
    expect(messageOf(() => load(tensors, { layout: 'tfjs' }))).toMatch(/not finite: conv1\.bias is Infinity at \[1\]$/);
  });

  it('no more than forty names that it does not know', () => {
    const extra = Array.from({ length: 50 }, (_, at) => ({
      name: `q${at}`,
      dtype: 'F32' as const,
      shape: [0],
      data: new Float32Array(),
    }));
    const message = messageOf(() =>
      load([...weightTensors(someWeights, fixtureNet, 'tfjs'), ...extra], { layout: 'tfjs' }),
    );
    expect(message.split('\n').at(-1)).toBe('  unexpected: 10 more tensors');
  });
});

describe('saveWeights', () => {
  it('never writes weights that do not fit', async () => {
    const { 'conv1.bias': _, ...rest } = someWeights;
    await expect(saveWeights(path.join(folder, 'x'), rest, fixtureNet, 'tfjs')).rejects.toThrow(/missing: conv1\.bias/);
    await expect(loadWeights(path.join(folder, 'x'), fixtureNet)).rejects.toThrow(/does not exist/);
  });
});
