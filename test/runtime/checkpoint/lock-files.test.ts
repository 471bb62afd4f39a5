import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LockFiles, lockFiles } from '../../../runtime/checkpoint/lock-files.ts';
import { isAlive, ownerOf, thisProcess } from '../../../runtime/checkpoint/lock-owner.ts';

let base: string;
let lock: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-lock-files-'));
  lock = path.join(base, 'run.lock');
});
afterEach(() => rm(base, { recursive: true, force: true }));

const call = <T>(act: (done: (error: NodeJS.ErrnoException | null, result?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => act((error, result) => (error === null ? resolve(result as T) : reject(error))));
const mkdir = (files: LockFiles): Promise<void> => call(done => files.mkdir(lock, done));
const rmdir = (files: LockFiles): Promise<void> => call(done => files.rmdir(lock, done));
const heldAt = async (files: LockFiles): Promise<number> =>
  (await call<{ mtime: Date }>(done => files.stat(lock, done))).mtime.getTime();

/** The number of a process that there is no more, or never was. */
const noProcess = 2 ** 22 + 1;

describe('lockFiles', () => {
  it('puts a lock with its owner in place, where none is', async () => {
    const [mine, other] = [thisProcess(), thisProcess()];
    await mkdir(lockFiles(mine));
    expect(ownerOf(lock)).toEqual(mine);
    await expect(mkdir(lockFiles(other))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(ownerOf(lock)).toEqual(mine);
    expect(await readdir(base)).toEqual(['run.lock']);
  });

  it('tells the time of a lock by whether its process lives', async () => {
    const dead = { ...thisProcess(), pid: noProcess };
    expect([isAlive(thisProcess()), isAlive(dead), isAlive({ ...dead, host: 'x' })]).toEqual([true, false, null]);
    await mkdir(lockFiles(dead));
    expect(await heldAt(lockFiles(thisProcess()))).toBe(0);
    await rmdir(lockFiles(dead));
    await mkdir(lockFiles(thisProcess()));
    expect(Date.now() - (await heldAt(lockFiles(thisProcess())))).toBeLessThan(10_000);
  });

  it('lets the second of two that saw the same dead owner leave the lock of the first alone', async () => {
    await mkdir(lockFiles({ ...thisProcess(), pid: noProcess }));
    const owner = thisProcess();
    const [first, second] = [lockFiles(owner), lockFiles(thisProcess())];
    expect([await heldAt(first), await heldAt(second)]).toEqual([0, 0]);
    await rmdir(first);
    await mkdir(first);
    await rmdir(second);
    expect(ownerOf(lock)).toEqual(owner);
    await expect(mkdir(second)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readdir(base)).toEqual(['run.lock']);
  });

  it('removes its own lock, and nothing that it never looked at', async () => {
    const owner = thisProcess();
    await mkdir(lockFiles(owner));
    lockFiles(thisProcess()).rmdirSync(lock);
    expect(ownerOf(lock)).toEqual(owner);
    lockFiles(owner).rmdirSync(lock);
    expect(existsSync(lock)).toBe(false);
  });

  it('takes the place of an empty folder, which is nobody’s lock, and not of a file', async () => {
    mkdirSync(lock);
    await mkdir(lockFiles(thisProcess()));
    await rm(lock, { recursive: true });
    writeFileSync(lock, '');
    await expect(mkdir(lockFiles(thisProcess()))).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(await readdir(base)).toEqual(['run.lock']);
  });
});
