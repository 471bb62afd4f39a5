import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LockOwner, ownerOf, thisProcess } from '../../../runtime/checkpoint/lock-owner.ts';
import { type RunFolder, runFolder } from '../../../runtime/checkpoint/run-folder.ts';
import { lockRun, withRunLock } from '../../../runtime/checkpoint/run-lock.ts';
import { EnvironmentError, InputError } from '../../../runtime/errors.ts';
import { breakDisk, faults } from '../../support/faulty-disk.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
let base: string;
let run: RunFolder;
let children: ChildProcess[];
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-lock-'));
  run = runFolder(path.join(base, 'run'));
  children = [];
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const child of children) child.kill('SIGKILL');
  await rm(base, { recursive: true, force: true });
});

/** A process that tries to lock the folder. Resolves to what it says: `locked`, or the error. */
async function holder(seconds = 60): Promise<{ child: ChildProcess; said: string; ended: Promise<void> }> {
  const script = path.join(repository, 'test/support/lock-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, run.folder, String(seconds)], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  for await (const said of createInterface({ input: child.stdout })) return { child, said, ended };
  throw new Error('the process said nothing');
}

/** Puts a lock in place as a process left it that is described like this one, but for what is given. */
function leftLock(change: Partial<LockOwner>, secondsAgo = 0): void {
  mkdirSync(run.lock, { recursive: true });
  const token = '00112233445566aa';
  writeFileSync(path.join(run.lock, 'owner.json'), JSON.stringify({ ...thisProcess(), token, ...change }));
  const time = Date.now() / 1000 - secondsAgo;
  utimesSync(run.lock, time, time);
}

describe('lockRun', () => {
  it('makes the folder, lets nobody else in, and leaves nothing behind', async () => {
    const lock = await lockRun(run);
    expect(ownerOf(run.lock)).toMatchObject({ pid: process.pid, host: os.hostname() });
    const second = lockRun(run);
    await expect(second).rejects.toThrow(EnvironmentError);
    await expect(second).rejects.toThrow(
      new RegExp(
        `^process ${process.pid} has been training in .*run since 2.*Z: wait until it ends, or choose another`,
      ),
    );
    lock.assertHeld();
    await lock.release();
    expect(existsSync(run.folder)).toBe(false);
    expect(await readdir(base)).toEqual([]);
  });

  it('keeps a folder that it did not make, and one that is no longer empty', async () => {
    await withRunLock(run, async () => writeFileSync(run.description, ''));
    expect(await readdir(run.folder)).toEqual(['run.json']);
    rmSync(run.description);
    await withRunLock(run, async () => {});
    expect(existsSync(run.folder)).toBe(true);
  });

  it('is released when what is done under it fails', async () => {
    const failing = withRunLock(run, async () => {
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    await withRunLock(run, async () => {});
  });

  it('takes over at once from a process that was killed, and not from one that lives', {
    timeout: 60_000,
  }, async () => {
    const { child, said, ended } = await holder();
    expect(said).toBe('locked');
    await expect(lockRun(run)).rejects.toThrow(`process ${child.pid} has been training in ${run.folder} since `);
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(run.lock)).toBe(true);
    const lock = await lockRun(run);
    lock.assertHeld();
    await lock.release();
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('is released by %s', { timeout: 60_000 }, async signal => {
    const { child, said, ended } = await holder();
    expect(said).toBe('locked');
    child.kill(signal);
    await ended;
    expect(child.signalCode).toBe(signal);
    expect(existsSync(run.lock)).toBe(false);
  });

  it('is taken over by one of several that come at once', { timeout: 120_000 }, async () => {
    const first = await holder();
    first.child.kill('SIGKILL');
    await first.ended;
    const said = (await Promise.all(Array.from({ length: 4 }, () => holder()))).map(each => each.said);
    expect(said.filter(line => line === 'locked')).toHaveLength(1);
    expect(said.filter(line => /^EnvironmentError process \d+ has been training/.test(line))).toHaveLength(3);
  });

  it.skipIf(process.platform !== 'linux')('does not take the number of a process for the process', async () => {
    leftLock({ born: '1' });
    await withRunLock(run, async lock => lock.assertHeld());
    leftLock({});
    await expect(lockRun(run)).rejects.toThrow(`process ${process.pid} has been`);
  });

  it('goes by signs of life where it cannot ask: another machine, another start of the system', async () => {
    for (const elsewhere of [{ host: 'elsewhere' }, { processes: 'another start' }]) {
      leftLock({ pid: 1, ...elsewhere }, 200);
      await expect(lockRun(run)).rejects.toThrow(
        /process 1 on .* has been .*Should it have been killed, its lock is taken over 5 minutes after its last sign/,
      );
      leftLock({ pid: 1, ...elsewhere }, 400);
      await withRunLock(run, async lock => lock.assertHeld());
    }
  });

  it('goes by age too where nothing says whose lock it is', async () => {
    for (const text of ['', '{}', 'no JSON']) {
      leftLock({});
      writeFileSync(path.join(run.lock, 'owner.json'), text);
      await expect(lockRun(run)).rejects.toThrow(/run is locked by another process: wait/);
      const time = Date.now() / 1000 - 400;
      utimesSync(run.lock, time, time);
      await withRunLock(run, async lock => lock.assertHeld());
    }
  });

  it('notices that it was taken or removed, and does not remove the lock of another', async () => {
    const lock = await lockRun(run);
    rmSync(run.lock, { recursive: true });
    expect(() => lock.assertHeld()).toThrow(EnvironmentError);
    expect(() => lock.assertHeld()).toThrow(/run is no longer locked by this process/);
    leftLock({ host: 'elsewhere' });
    await lock.release();
    expect(ownerOf(run.lock)?.host).toBe('elsewhere');
    expect(await readdir(run.folder)).toEqual(['run.lock']);
  });

  it('says why a folder cannot be locked', async () => {
    mkdirSync(run.folder);
    writeFileSync(run.lock, '');
    await expect(lockRun(run)).rejects.toThrow(InputError);
    await expect(lockRun(runFolder(run.lock))).rejects.toThrow(/in the way/);
    await expect(lockRun(runFolder('/proc/dualc'))).rejects.toThrow(InputError);
    expect(readFileSync(run.lock, 'utf8')).toBe('');
    expect(await readdir(run.folder)).toEqual(['run.lock']);
  });

  it('says so when the disk has no room for a lock', async () => {
    breakDisk(faults(0)['is full']!);
    await expect(lockRun(run)).rejects.toThrow(/^the disk is full: .*run\/run.lock could not be written \(ENOSPC\)$/);
    expect(await readdir(base)).toEqual([]);
  });
});
