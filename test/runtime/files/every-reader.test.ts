/** Whatever dualc reads, where it finds no regular file of a sensible size: refused at once, as the fault of the input. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadModel } from '../../../compiler/cli/load-model.ts';
import { readModuleText } from '../../../compiler/cli/write-text.ts';
import { compileArchitecture } from '../../../compiler/compile.ts';
import type { ArchitectureError } from '../../../compiler/diagnostics/architecture-error.ts';
import { loadCheckpoint } from '../../../runtime/checkpoint/checkpoint.ts';
import { readRunDescription, runFolder } from '../../../runtime/checkpoint/run-folder.ts';
import { loadDataset } from '../../../runtime/data/load-dataset.ts';
import { loadInputs } from '../../../runtime/data/load-inputs.ts';
import { InputError } from '../../../runtime/errors.ts';
import { importWeights } from '../../../runtime/import/import-weights.ts';
import { openMetricsLog } from '../../../runtime/report/metrics-log.ts';
import { loadWeights } from '../../../runtime/weights/load-weights.ts';
import { smallArchitecture } from '../../support/command-line.ts';
import { toyMeta } from '../../support/toy-model.ts';

interface Reader {
  /** Within the folder: what is put there is what is read. */
  readonly file: string;
  read(file: string, folder: string): unknown;
}

const compile = (file: string): void => {
  try {
    compileArchitecture(file);
  } catch (error) {
    throw new InputError((error as ArchitectureError).diagnostics.map(({ title }) => title).join());
  }
};

const readers: Readonly<Record<string, Reader>> = {
  'an architecture': { file: 'net.arch.ts', read: compile },
  'an imported architecture': {
    file: 'sizes.ts',
    read(_, folder) {
      const main = path.join(folder, 'main.arch.ts');
      writeFileSync(main, `import { x } from './sizes.ts';\n${smallArchitecture}`);
      compile(main);
    },
  },
  'a module that was compiled before': { file: 'net.dual.ts', read: readModuleText },
  'a compiled module': { file: 'net.dual.js', read: file => loadModel(file) },
  weights: { file: 'w.safetensors', read: file => loadWeights(file, toyMeta) },
  inputs: { file: 'x.safetensors', read: file => loadInputs(file) },
  'a checkpoint of PyTorch': { file: 'w.pth', read: file => importWeights(file, toyMeta, { layout: 'pytorch' }) },
  'images in IDX': {
    file: 'train-images-idx3-ubyte.gz',
    read(_, folder) {
      writeFileSync(path.join(folder, 'train-labels-idx1-ubyte'), Buffer.from([0, 0, 8, 1, 0, 0, 0, 1, 5]));
      return loadDataset(folder, { split: 'train' });
    },
  },
  'labels in IDX': {
    file: 't10k-labels-idx1-ubyte',
    read(_, folder) {
      const images = Buffer.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9]);
      writeFileSync(path.join(folder, 't10k-images-idx3-ubyte'), images);
      return loadDataset(folder, { split: 'test' });
    },
  },
  'a batch of CIFAR-10': { file: 'test_batch.bin', read: (_, folder) => loadDataset(folder, { split: 'test' }) },
  'run.json': { file: 'run.json', read: (_, folder) => readRunDescription(runFolder(folder)) },
  'a checkpoint': { file: 'checkpoint.safetensors', read: loadCheckpoint },
};

let base: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-readers-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(base, { recursive: true, force: true });
});

const places: readonly [string, (file: string) => void, RegExp][] = [
  ['a pipe', file => execFileSync('mkfifo', [file]), /it is a pipe, not a regular file/],
  ['an endless device', file => symlinkSync('/dev/zero', file), /it is a device, not a regular file/],
  ['a folder', file => mkdirSync(file), /it is a folder/],
  [
    '1 TiB of nothing',
    file => {
      writeFileSync(file, '');
      truncateSync(file, 2 ** 40);
    },
    /it has 1099511627776 bytes \(1 TiB\), and an? .* at most/,
  ],
];

describe.each(Object.entries(readers))('%s', (_, { file, read }) => {
  it.each(places)('that is %s', { timeout: 5000 }, async (__, put, message) => {
    const place = path.join(base, file);
    put(place);
    const outcome = await Promise.resolve()
      .then(() => read(place, base))
      .catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(InputError);
    expect((outcome as Error).message).toMatch(message);
    expect((outcome as Error).message).toContain(file);
    rmSync(place, { recursive: true });
  });
});

describe('metrics', () => {
  it.each(places.slice(0, 3))('that are %s', { timeout: 5000 }, (_, put) => {
    const place = path.join(base, 'metrics.jsonl');
    put(place);
    expect(() => openMetricsLog(place, 0)).toThrow(InputError);
  });
});
