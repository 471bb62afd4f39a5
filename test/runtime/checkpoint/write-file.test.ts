import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeLeftovers, writeFailure, writeWholeFile } from '../../../runtime/checkpoint/write-file.ts';
import { EnvironmentError, InputError } from '../../../runtime/errors.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-write-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe('writeWholeFile', () => {
  it('replaces a file and leaves nothing beside it', async () => {
    const file = path.join(base, 'a.bin');
    await writeWholeFile(file, 'old');
    await writeWholeFile(file, new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
    expect([...(await readFile(file))]).toEqual([2, 3]);
    expect(await readdir(base)).toEqual(['a.bin']);
  });

  it('says what is in the way', async () => {
    const folder = path.join(base, 'taken');
    await mkdir(folder);
    await expect(writeWholeFile(folder, 'x')).rejects.toThrow(/taken.*EISDIR.*in the way/);
    await expect(writeWholeFile(path.join(base, 'absent', 'x'), 'x')).rejects.toThrow(/absent.*ENOENT/);
  });

  it.each([
    ['ENOSPC', EnvironmentError, /disk is full.*ENOSPC/],
    ['EDQUOT', EnvironmentError, /disk is full.*EDQUOT/],
    ['EACCES', InputError, /EACCES.*you may write to/],
    ['EROFS', InputError, /EROFS.*you may write to/],
    ['EIO', EnvironmentError, /could not be written: broken/],
  ])('tells the user from the machine: %s', (code, type, message) => {
    const failure = writeFailure('f', Object.assign(new Error('broken'), { code }));
    expect(failure).toBeInstanceOf(type);
    expect(failure.message).toMatch(message);
  });
});

describe('removeLeftovers', () => {
  it('removes the temporary files of one file and no other', async () => {
    for (const name of ['a', 'a.12', 'a.b12', 'a.12.txt', 'b.12']) await writeFile(path.join(base, name), '');
    await removeLeftovers(path.join(base, 'a'));
    expect((await readdir(base)).sort()).toEqual(['a', 'a.12.txt', 'a.b12', 'b.12']);
  });
});
