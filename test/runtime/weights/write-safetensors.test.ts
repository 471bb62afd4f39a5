import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors } from '../../../runtime/weights/encode-safetensors.ts';
import { parseSafetensors } from '../../../runtime/weights/parse-safetensors.ts';
import { readSafetensors } from '../../../runtime/weights/read-safetensors.ts';
import { writeSafetensors } from '../../../runtime/weights/write-safetensors.ts';
import { hasShared, sharedPath } from '../../support/shared-data.ts';
import { fixtureBytes } from '../import/fixture-files.ts';

describe('encodeSafetensors', () => {
  it.each(['types.safetensors', 'net.safetensors'])(
    'writes %s byte for byte as the reference library did',
    async name => {
      const bytes = await fixtureBytes(name);
      const { tensors, metadata } = parseSafetensors(bytes, name);
      expect(Buffer.from(encodeSafetensors([...tensors.values()].reverse(), metadata))).toEqual(bytes);
    },
  );

  it.skipIf(!hasShared('golden/mnist-small.safetensors'))('writes the golden weights byte for byte', async () => {
    const file = sharedPath('golden/mnist-small.safetensors');
    const { tensors, metadata } = await readSafetensors(file);
    expect(Buffer.compare(Buffer.from(encodeSafetensors(tensors.values(), metadata)), await readFile(file))).toBe(0);
  });

  it('keeps names that look like numbers or prototypes', () => {
    const names = ['10', '9', '__proto__', 'constructor'];
    const tensors = names.map(name => ({
      name,
      dtype: 'F32' as const,
      shape: [1],
      data: Float32Array.of(name.length),
    }));
    const read = parseSafetensors(encodeSafetensors(tensors), 'w');
    expect([...read.tensors.keys()].sort()).toEqual([...names].sort());
    expect(read.tensors.get('__proto__')!.data).toEqual(Float32Array.of(9));
  });

  it('refuses data that does not fill the shape', () => {
    const tensor = { name: 'w', dtype: 'F32' as const, shape: [3], data: new Float32Array(2) };
    expect(() => encodeSafetensors([tensor])).toThrow(/w: \[3\] of F32 is 12 bytes, not 8/);
  });
});

describe('writeSafetensors', () => {
  it('writes a file that reads back, and names a folder that is not there', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'dualc-weights-'));
    try {
      const data = Float64Array.of(0.1, -0);
      const file = path.join(folder, 'w.safetensors');
      await writeSafetensors(file, [{ name: 'w', dtype: 'F64', shape: [2], data }], { a: 'b' });
      const { tensors, metadata } = await readSafetensors(file);
      expect(tensors.get('w')!.data).toEqual(data);
      expect(metadata).toEqual({ a: 'b' });
      await expect(writeSafetensors(path.join(folder, 'no', 'w'), [])).rejects.toThrow(/no\/w/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
