/** Whatever dualc writes, on disks that fail: the old file stays, and the machine is held at fault. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeDump } from '../../../compiler/cli/dump-forms.ts';
import { writeText } from '../../../compiler/cli/write-text.ts';
import { recordingTrace } from '../../../compiler/shared/trace.ts';
import { saveAttack } from '../../../runtime/attack/save-attack.ts';
import type { Certification } from '../../../runtime/certify/certification.ts';
import { saveCertification } from '../../../runtime/certify/save-certification.ts';
import { saveCheckpoint } from '../../../runtime/checkpoint/checkpoint.ts';
import { createRun, runFolder } from '../../../runtime/checkpoint/run-folder.ts';
import { EnvironmentError } from '../../../runtime/errors.ts';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { initializeParams } from '../../../runtime/train/initialize.ts';
import { readTensors, startPosition } from '../../../runtime/train/snapshot.ts';
import { saveWeights } from '../../../runtime/weights/save-weights.ts';
import { breakDisk, faults } from '../../support/faulty-disk.ts';
import { toyMeta, useCpu } from '../../support/toy-model.ts';
import { toyDescription } from '../../support/toy-run.ts';

await useCpu();
const params = await readTensors(initializeParams(toyMeta.parameters, keyFrom(1), 'he'));
const certification = {
  epsilon: 0.1,
  margins: new Float32Array(30),
  logits: new Float32Array(30),
  bounds: null,
  labels: new Int32Array(10),
  predictions: new Int32Array(10),
  certified: Array<boolean>(10).fill(true),
} as unknown as Certification;
const points = { points: new Float32Array(60), broken: Array<boolean>(10).fill(true) };
const text = 'a line of the module\n'.repeat(20);

interface Writer {
  /** Within the folder. */
  readonly file: string;
  write(folder: string): Promise<void>;
}

const writers: Readonly<Record<string, Writer>> = {
  weights: {
    file: 'w.safetensors',
    write: folder => saveWeights(path.join(folder, 'w.safetensors'), params, toyMeta, 'pytorch'),
  },
  'a checkpoint': {
    file: 'checkpoint.safetensors',
    write: folder =>
      saveCheckpoint(path.join(folder, 'checkpoint.safetensors'), {
        snapshot: { position: startPosition, params, optimizer: params },
        metricsBytes: 0,
        sourceHash: 'toy',
      }),
  },
  'run.json': {
    file: 'run.json',
    async write(folder) {
      // A run is never written over, so this one is removed first; what is left is nothing instead of the old.
      await rm(path.join(folder, 'run.json'), { force: true });
      await createRun(runFolder(folder), toyDescription);
    },
  },
  'certify --save': {
    file: 'j.safetensors',
    write: folder => saveCertification(path.join(folder, 'j.safetensors'), certification, toyMeta),
  },
  'attack --save': {
    file: 'x.safetensors',
    write: folder => saveAttack(path.join(folder, 'x.safetensors'), points, new Int32Array(10), toyMeta),
  },
  'a module': { file: 'net.dual.ts', write: folder => writeText(path.join(folder, 'net.dual.ts'), text) },
  'compile --dump': {
    file: '20-graph.txt',
    write(folder) {
      const trace = recordingTrace();
      trace.record('20-graph.txt', () => text);
      return writeDump(folder, trace);
    },
  },
};

let base: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-writers-'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(base, { recursive: true, force: true });
});

describe.each(Object.entries(writers))('%s', (name, { file, write }) => {
  it.each(Object.entries(faults(100)))('when the disk %s', async (_, fault) => {
    const place = path.join(base, file);
    await write(base);
    const old = await readFile(place);
    breakDisk(fault);
    const outcome = await write(base).catch((error: unknown) => error);
    if (fault.harmless === true) {
      expect(outcome).toBeUndefined();
    } else {
      expect(outcome).toBeInstanceOf(EnvironmentError);
      expect((outcome as Error).message).toContain(place);
      expect((outcome as Error).message).toMatch(/\d+ of its \d+ bytes are missing|from byte \d+ of \d+ on/);
      expect((outcome as Error).message).not.toContain('--resume');
    }
    if (name === 'run.json' && fault.harmless !== true) {
      expect(existsSync(place)).toBe(false);
      expect(await readdir(base)).toEqual([]);
    } else {
      expect(await readFile(place)).toEqual(old);
      expect(await readdir(base)).toEqual([file]);
    }
  });
});
