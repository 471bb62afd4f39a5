import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunFolder, runFolder } from '../../../runtime/checkpoint/run-folder.ts';
import { withRunLock } from '../../../runtime/checkpoint/run-lock.ts';
import { EnvironmentError, InputError } from '../../../runtime/errors.ts';
import { type FolderRun, trainInFolder } from '../../../runtime/train/train-in-folder.ts';
import { loadWeights } from '../../../runtime/weights/load-weights.ts';
import { breakDisk, faults } from '../../support/faulty-disk.ts';
import { canMount, mountSmall } from '../../support/small-file-system.ts';
import { toyMeta, toyModel, useCpu } from '../../support/toy-model.ts';
import { toyDescription, toyRun } from '../../support/toy-run.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
let base: string;

beforeAll(useCpu);
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-run-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(base, { recursive: true, force: true });
});

type Unlocked = Omit<FolderRun, 'lock'>;

function folderRun(folder: RunFolder, change: Partial<Unlocked> = {}): Unlocked {
  return { ...toyRun(), folder, description: toyDescription, resume: false, metricsEvery: 2, ...change };
}

const trained = (run: Unlocked): ReturnType<typeof trainInFolder> =>
  withRunLock(run.folder, lock => trainInFolder({ ...run, lock }));

let whole: Promise<RunFolder> | null = null;
let wholeBase = '';
/** A run that nothing cut; made once. */
const uninterrupted = (): Promise<RunFolder> => {
  whole ??= (async () => {
    wholeBase = await mkdtemp(path.join(os.tmpdir(), 'dualc-whole-'));
    const run = runFolder(path.join(wholeBase, 'run'));
    await trained(folderRun(run));
    return run;
  })();
  return whole;
};
afterAll(() => rm(wholeBase, { recursive: true, force: true }));

/** Two runs that ended alike. */
async function expectSame(run: RunFolder, whole: RunFolder): Promise<void> {
  expect(await readFile(run.weights)).toEqual(await readFile(whole.weights));
  expect(await metricsOf(run)).toEqual(await metricsOf(whole));
  expect((await readdir(run.folder)).sort()).toEqual([
    'checkpoint.safetensors',
    'metrics.jsonl',
    'run.json',
    'weights.safetensors',
  ]);
}

async function metricsOf(folder: RunFolder): Promise<Record<string, unknown>[]> {
  const lines = (await readFile(folder.metrics, 'utf8')).trim().split('\n');
  return lines.map(line => ({ ...(JSON.parse(line) as Record<string, unknown>), seconds: 0 }));
}

/** Takes what room is left, to the last byte. */
function fill(file: string): void {
  for (const size of [4096, 1]) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size));
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    }
  }
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
    const whole = await uninterrupted();
    const killed = runFolder(path.join(base, 'killed'));
    await killedAfter(5, killed, false);
    expect(existsSync(killed.checkpoint)).toBe(true);
    await writeFile(`${killed.checkpoint}.0123456789abcdef.part`, 'what a kill in the middle of a write leaves');
    await killedAfter(9, killed, true);
    await trained(folderRun(killed, { resume: true }));
    await expectSame(killed, whole);
    expect(Object.keys(await loadWeights(whole.weights, toyMeta))).toHaveLength(4);
  });

  it('starts over when it was killed before the first checkpoint', async () => {
    const [whole, cut] = [await uninterrupted(), runFolder(path.join(base, 'cut'))];
    const fails = folderRun(cut, {
      onEpoch: () => {
        throw new Error('killed');
      },
    });
    await expect(trained(fails)).rejects.toThrow('killed');
    expect(existsSync(cut.checkpoint)).toBe(false);
    await trained(folderRun(cut, { resume: true }));
    await expectSame(cut, whole);
  });

  /** By file, a byte in it; of the metrics, one that is written after some checkpoints. */
  const places = { 'checkpoint.safetensors': 100, 'metrics.jsonl': 2000, 'weights.safetensors': 100 };
  const broken = Object.entries(places).flatMap(([file, byte]) =>
    Object.entries(faults(byte)).map(([name, fault]) => [file, name, fault] as const),
  );
  it.each(broken)('goes on to the same bits after a disk that, for %s, %s', async (file, name, fault) => {
    const [whole, cut] = [await uninterrupted(), runFolder(path.join(base, 'cut'))];
    let good = Buffer.alloc(0);
    const fails = folderRun(cut, {
      onEpoch({ epoch }) {
        if (epoch !== 2 || file === 'metrics.jsonl') return;
        good = readFileSync(cut.checkpoint);
        breakDisk(fault, place => path.basename(place).startsWith(file));
      },
    });
    // The metrics are one open file, which is broken from the start.
    if (file === 'metrics.jsonl') breakDisk(fault, place => place === cut.metrics);
    const outcome = await trained(fails).catch((error: unknown) => error);
    vi.restoreAllMocks();
    // Metrics are appended, so they are never renamed.
    if (fault.harmless === true || (fault.rename !== undefined && file === 'metrics.jsonl')) {
      await expectSame(cut, whole);
      return;
    }
    expect(outcome, name).toBeInstanceOf(EnvironmentError);
    expect((outcome as Error).message).toContain(path.join(cut.folder, file));
    expect(existsSync(cut.weights)).toBe(false);
    if (file === 'checkpoint.safetensors') expect(await readFile(cut.checkpoint)).toEqual(good);
    expect((await readdir(cut.folder)).filter(each => each.endsWith('.part') || each === 'run.lock')).toEqual([]);
    await trained(folderRun(cut, { resume: true }));
    await expectSame(cut, whole);
  });

  it.skipIf(!canMount)('goes on to the same bits after a disk that was really full', async () => {
    const small = mountSmall(64)!;
    try {
      const [whole, cut] = [await uninterrupted(), runFolder(path.join(small.folder, 'cut'))];
      const filler = path.join(small.folder, 'filler');
      const fails = folderRun(cut, { onEpoch: ({ epoch }) => void (epoch === 2 && fill(filler)) });
      const outcome = trained(fails);
      await expect(outcome).rejects.toThrow(/the disk is full: .*cut\/.* of its \d+ bytes are missing/);
      await expect(outcome).rejects.toBeInstanceOf(EnvironmentError);
      expect(existsSync(cut.checkpoint)).toBe(true);
      await expect(trained(folderRun(cut, { resume: true }))).rejects.toThrow(EnvironmentError);
      await rm(filler);
      await trained(folderRun(cut, { resume: true }));
      await expectSame(cut, whole);
    } finally {
      small.remove();
    }
  });

  it.each([
    [
      'between epochs',
      (usurp: () => void): Partial<Unlocked> => ({ onEpoch: ({ epoch }) => void (epoch === 2 && usurp()) }),
    ],
    [
      'within one',
      (usurp: () => void): Partial<Unlocked> => ({ onStep: ({ updates }) => void (updates === 9 && usurp()) }),
    ],
  ])('stops when another process has taken its lock %s, and writes nothing more', async (_, at) => {
    const folder = runFolder(path.join(base, 'taken'));
    const held = (): Buffer[] => [folder.metrics, folder.checkpoint].map(file => readFileSync(file));
    let before: Buffer[] = [];
    const usurped = at(() => {
      const owner = path.join(folder.lock, 'owner.json');
      writeFileSync(owner, readFileSync(owner, 'utf8').replace(/"token":"../, '"token":"xx'));
      before = held();
    });
    await expect(trained(folderRun(folder, usurped))).rejects.toThrow(/taken is no longer locked by this process/);
    expect(held()).toEqual(before);
    expect(existsSync(folder.lock)).toBe(true);
  });

  it('says so when lines of metrics are gone, and keeps those that are whole', async () => {
    const [whole, cut] = [await uninterrupted(), runFolder(path.join(base, 'cut'))];
    const stop = new AbortController();
    const stopped = folderRun(cut, { signal: stop.signal, onEpoch: () => stop.abort() });
    expect((await trained(stopped)).complete).toBe(false);
    const lines = (await readFile(cut.metrics, 'utf8')).split('\n');
    await writeFile(cut.metrics, `${lines[0]}\n{"per":"st`);
    const notices: string[] = [];
    await trained(folderRun(cut, { resume: true, onNotice: text => notices.push(text) }));
    expect(notices).toEqual([expect.stringMatching(/metrics.jsonl has lost \d+ bytes since the checkpoint/)]);
    const metrics = await metricsOf(cut);
    expect(metrics[0]).toEqual((await metricsOf(whole))[0]);
    expect(metrics.at(-1)).toEqual((await metricsOf(whole)).at(-1));
    expect(await readFile(cut.weights)).toEqual(await readFile(whole.weights));
  });

  it('never writes over a run', async () => {
    const folder = runFolder(path.join(base, 'taken'));
    await trained(folderRun(folder));
    const before = await readFile(folder.weights);
    await expect(trained(folderRun(folder))).rejects.toThrow(/holds a run already.*--resume/);
    expect(await readFile(folder.weights)).toEqual(before);
  });

  it('refuses a checkpoint of another architecture text', async () => {
    const folder = runFolder(path.join(base, 'other'));
    await trained(folderRun(folder));
    const phases = [{ bounds: 'interval', epochs: 4, model: toyModel({ sourceHash: 'changed' }) }];
    const failure = trained(folderRun(folder, { resume: true, phases }));
    await expect(failure).rejects.toThrow(/parameters of another network than that of toy.arch.ts/);
  });

  it('refuses a corrupt checkpoint', async () => {
    const folder = runFolder(path.join(base, 'corrupt'));
    await trained(folderRun(folder));
    await writeFile(folder.checkpoint, (await readFile(folder.checkpoint)).subarray(0, 500));
    await expect(trained(folderRun(folder, { resume: true }))).rejects.toThrow(InputError);
  });

  it('refuses a place where a file is in the way, before it trains', async () => {
    const blocked = path.join(base, 'file');
    await writeFile(blocked, '');
    const failure = trained(folderRun(runFolder(path.join(blocked, 'run'))));
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow(/a file or folder of that name is in the way/);
  });
});
