import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunFolder, runFolder } from '../../../runtime/checkpoint/run-folder.ts';
import { writeFailure, writeWholeFile } from '../../../runtime/checkpoint/write-file.ts';
import { EnvironmentError, InputError } from '../../../runtime/errors.ts';
import { type FolderRun, trainInFolder } from '../../../runtime/train/train-in-folder.ts';
import { loadWeights } from '../../../runtime/weights/load-weights.ts';
import { toyMeta, toyModel, useCpu } from '../../support/toy-model.ts';
import { toyDescription, toyRun } from '../../support/toy-run.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
let base: string;

beforeAll(useCpu);
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-run-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

function folderRun(folder: RunFolder, change: Partial<FolderRun> = {}): FolderRun {
  return { ...toyRun(), folder, description: toyDescription, resume: false, metricsEvery: 2, ...change };
}

async function metricsOf(folder: RunFolder): Promise<Record<string, unknown>[]> {
  const lines = (await readFile(folder.metrics, 'utf8')).trim().split('\n');
  return lines.map(line => ({ ...(JSON.parse(line) as Record<string, unknown>), seconds: 0 }));
}

/** Starts the run as a process and kills it without warning after a number of steps; resolves when it is dead. */
async function killedAfter(steps: number, folder: RunFolder, resume: boolean): Promise<void> {
  const script = path.join(repository, 'test/support/toy-run-process.ts');
  const args = ['--import', 'tsx', script, folder.folder, ...(resume ? ['resume'] : [])];
  const child = spawn(process.execPath, args, { cwd: repository, stdio: ['ignore', 'pipe', 'inherit'] });
  const dead = new Promise<void>(resolve => child.once('close', () => resolve()));
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    expect(line).not.toBe('complete');
    seen += 1;
    if (seen === steps) child.kill('SIGKILL');
  }
  await dead;
  expect(child.signalCode).toBe('SIGKILL');
}

describe('trainInFolder', () => {
  it('ends with the bits of an uninterrupted run after two kills', { timeout: 60_000 }, async () => {
    const whole = runFolder(path.join(base, 'whole'));
    await trainInFolder(folderRun(whole));
    const killed = runFolder(path.join(base, 'killed'));
    await killedAfter(5, killed, false);
    expect(existsSync(killed.checkpoint)).toBe(true);
    await writeFile(`${killed.checkpoint}.123456`, 'what a kill in the middle of a write leaves');
    await killedAfter(9, killed, true);
    await trainInFolder(folderRun(killed, { resume: true }));
    expect(await readFile(killed.weights)).toEqual(await readFile(whole.weights));
    expect(await metricsOf(killed)).toEqual(await metricsOf(whole));
    expect((await readdir(killed.folder)).sort()).toEqual([
      'checkpoint.safetensors',
      'metrics.jsonl',
      'run.json',
      'weights.safetensors',
    ]);
    expect(Object.keys(await loadWeights(whole.weights, toyMeta))).toHaveLength(4);
  });

  it('starts over when it was killed before the first checkpoint', async () => {
    const [whole, cut] = [runFolder(path.join(base, 'whole')), runFolder(path.join(base, 'cut'))];
    await trainInFolder(folderRun(whole));
    const fails = folderRun(cut, { writeCheckpoint: async () => Promise.reject(new Error('killed')) });
    await expect(trainInFolder(fails)).rejects.toThrow('killed');
    expect(existsSync(cut.checkpoint)).toBe(false);
    await trainInFolder(folderRun(cut, { resume: true }));
    expect(await readFile(cut.weights)).toEqual(await readFile(whole.weights));
    expect(await metricsOf(cut)).toEqual(await metricsOf(whole));
  });

  it('keeps the last good checkpoint when the disk is full, and says so', async () => {
    const folder = runFolder(path.join(base, 'full'));
    let writes = 0;
    let good = Buffer.alloc(0);
    const failing = folderRun(folder, {
      writeCheckpoint: async (file, data) => {
        writes += 1;
        if (writes === 3) {
          throw writeFailure(file, Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
        }
        await writeWholeFile(file, data);
        good = await readFile(file);
      },
    });
    const failure = trainInFolder(failing);
    await expect(failure).rejects.toThrow(EnvironmentError);
    await expect(failure).rejects.toThrow(/disk is full: .*checkpoint.safetensors .*--resume/);
    expect(await readFile(folder.checkpoint)).toEqual(good);
    await trainInFolder(folderRun(folder, { resume: true }));
    expect(existsSync(folder.weights)).toBe(true);
  });

  it('never writes over a run', async () => {
    const folder = runFolder(path.join(base, 'taken'));
    await trainInFolder(folderRun(folder));
    const before = await readFile(folder.weights);
    await expect(trainInFolder(folderRun(folder))).rejects.toThrow(/holds a run already.*--resume/);
    expect(await readFile(folder.weights)).toEqual(before);
  });

  it('refuses a checkpoint of another architecture text', async () => {
    const folder = runFolder(path.join(base, 'other'));
    await trainInFolder(folderRun(folder));
    const phases = [{ bounds: 'interval', epochs: 4, model: toyModel({ sourceHash: 'changed' }) }];
    const failure = trainInFolder(folderRun(folder, { resume: true, phases }));
    await expect(failure).rejects.toThrow(/parameters of another network than that of toy.arch.ts/);
  });

  it('refuses a corrupt checkpoint', async () => {
    const folder = runFolder(path.join(base, 'corrupt'));
    await trainInFolder(folderRun(folder));
    await writeFile(folder.checkpoint, (await readFile(folder.checkpoint)).subarray(0, 500));
    await expect(trainInFolder(folderRun(folder, { resume: true }))).rejects.toThrow(InputError);
  });

  it('refuses a place where a file is in the way, before it trains', async () => {
    const blocked = path.join(base, 'file');
    await writeFile(blocked, '');
    const failure = trainInFolder(folderRun(runFolder(path.join(blocked, 'run'))));
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow(/a file or folder of that name is in the way/);
  });
});
