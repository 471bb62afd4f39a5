import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../runtime/errors.ts';
import { importFrom } from '../../../runtime/import/import-from.ts';
import { importWeights } from '../../../runtime/import/import-weights.ts';
import { encodeSafetensors } from '../../../runtime/weights/encode-safetensors.ts';
import { permuteAxes } from '../../../runtime/weights/layout.ts';
import { loadWeights } from '../../../runtime/weights/load-weights.ts';
import type { NamedTensor } from '../../../runtime/weights/named-tensor.ts';
import { saveWeights } from '../../../runtime/weights/save-weights.ts';
import { fixtureNet } from '../weights/net-meta.ts';
import { forward } from '../weights/plain-forward.ts';
import { expected, fixture } from './fixture-files.ts';

const layout = 'pytorch' as const;
const steps = [
  { layer: 'conv1', relu: true, stride: 1, pad: 1 },
  { layer: 'conv2', relu: true, stride: 2, pad: 0 },
  { layer: 'dense1', relu: true },
  { layer: 'dense2', relu: true },
  { layer: 'logits', relu: false },
];

describe('importWeights', () => {
  it.each(['constructor', 'prototype', '__proto__', 'nosuch'])(
    'is told of a name %s that the file lacks',
    async old => {
      const map = Object.fromEntries([[old, 'dense1']]);
      await expect(importWeights(fixture('net.safetensors'), fixtureNet, { layout: 'pytorch', map })).rejects.toThrow(
        `the file has no ${old}`,
      );
    },
  );

  it.each([
    'bare.zip.pth',
    'bare.legacy.pth',
    'wrapped.zip.pth',
    'wrapped.legacy.pth',
    'parameters.zip.pth',
    'net.safetensors',
  ])('gives a network that computes what torch computed: %s', async name => {
    const { weights, mapping } = await importWeights(fixture(name), fixtureNet, { layout });
    const x = permuteAxes(Float32Array.from(expected.net.x), [2, 5, 6], [1, 2, 0]);
    const logits = forward(weights, steps, x, [5, 6, 2]);
    expect(logits).toHaveLength(5);
    for (const [at, value] of expected.net.logits.entries()) expect(logits[at]).toBeCloseTo(value, 6);
    expect(mapping.map(({ from, to }) => `${from.replace('module.', '')} ${to}`)).toEqual([
      '0.weight conv1.weight',
      '0.bias conv1.bias',
      '2.weight conv2.weight',
      '2.bias conv2.bias',
      '5.weight dense1.weight',
      '5.bias dense1.bias',
      '7.weight dense2.weight',
      '7.bias dense2.bias',
      '9.weight logits.weight',
      '9.bias logits.bias',
    ]);
    expect(mapping[4]).toMatchObject({ fromShape: [5, 16], toShape: [16, 5] });
  });

  it('reads the stage that is asked for', async () => {
    const { weights } = await importWeights(fixture('stages.legacy.pth'), fixtureNet, { layout, stage: 3 });
    expect([...weights['logits.bias']!.data]).toEqual(expected.stages[2]!['9.bias']!.values);
  });

  it('says what it passed over', async () => {
    expect((await importWeights(fixture('parameters.zip.pth'), fixtureNet, { layout })).notes).toEqual([
      'passed over 1.num_batches_tracked, a counter of training steps',
    ]);
    expect((await importWeights(fixture('wrapped.zip.pth'), fixtureNet, { layout })).notes).toEqual([
      'left out the prefix module., which all names share',
    ]);
  });

  it('refuses values that are not finite, with tensor and place', async () => {
    const tensors: NamedTensor[] = fixtureNet.parameters.map(({ name, shape }) => {
      const data = new Float32Array(shape.reduce((a, b) => a * b));
      if (name === 'conv2.bias') data.fill(Number.NaN, 2);
      return { name, dtype: 'F32', shape, data };
    });
    const refused = importFrom(encodeSafetensors(tensors), 'w.safetensors', fixtureNet, { layout: 'tfjs' });
    await expect(refused).rejects.toThrow(
      'w.safetensors:\n  not finite: conv2.bias is NaN at [2] (and at 1 more places)',
    );
  });

  it('refuses a safetensors file whose metadata contradicts --layout', async () => {
    const refused = importWeights(fixture('net.safetensors'), fixtureNet, { layout: 'tfjs' });
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(/its metadata says layout pytorch, not tfjs/);
  });

  it('is what saving and loading keeps', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'dualc-import-'));
    try {
      const { weights } = await importWeights(fixture('bare.zip.pth'), fixtureNet, { layout });
      const file = path.join(folder, 'w.safetensors');
      await saveWeights(file, weights, fixtureNet, layout);
      expect(await loadWeights(file, fixtureNet)).toEqual(weights);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
