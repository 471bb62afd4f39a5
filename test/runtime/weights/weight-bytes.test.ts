import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { elementCount } from '../../../runtime/weights/named-tensor.ts';
import { saveWeights } from '../../../runtime/weights/save-weights.ts';
import { encodeWeights, readWeights } from '../../../runtime/weights/weight-bytes.ts';
import { fixtureNet } from './net-meta.ts';

const weights = Object.fromEntries(
  fixtureNet.parameters.map(({ name, shape }, at) => [
    name,
    { shape, data: Float32Array.from({ length: elementCount(shape) }, (_, i) => at + i / 64) },
  ]),
);

describe.each(['tfjs', 'pytorch'] as const)('weights in layout %s, in memory', layout => {
  it('are the bytes of the file', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'dualc-weights-'));
    try {
      const file = path.join(folder, 'w.safetensors');
      const notes = { trainedOn: 'digits' };
      await saveWeights(file, weights, fixtureNet, layout, notes);
      expect(Buffer.from(encodeWeights(weights, fixtureNet, { layout, notes }))).toEqual(await readFile(file));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('come back from every kind of bytes', async () => {
    const bytes = encodeWeights(weights, fixtureNet, { layout }) as Uint8Array<ArrayBuffer>;
    const padded = new Uint8Array(bytes.length + 3);
    padded.set(bytes, 3);
    for (const source of [bytes, bytes.buffer, new Blob([bytes]), padded.subarray(3)]) {
      const read = await readWeights(source, fixtureNet);
      expect(read).toMatchObject({ layout, weights });
    }
  });
});
