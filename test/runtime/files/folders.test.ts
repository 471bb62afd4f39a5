import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError, InputError } from '../../../runtime/errors.ts';
import { inTemporaryFolder, makeFolder, removeLeftovers } from '../../../runtime/files/folders.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-folders-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(base, { recursive: true, force: true });
});

describe('makeFolder', () => {
  it('tells which folders were not there', async () => {
    await mkdir(path.join(base, 'a'));
    const made = await makeFolder(path.join(base, 'a/b/c'));
    expect(made).toEqual([path.join(base, 'a/b'), path.join(base, 'a/b/c')]);
    expect(await makeFolder(path.join(base, 'a/b/c'))).toEqual([]);
  });

  it('says what is in the way', async () => {
    await writeFile(path.join(base, 'file'), '');
    await expect(makeFolder(path.join(base, 'file'))).rejects.toThrow(/EEXIST.*in the way/);
    await expect(makeFolder(path.join(base, 'file/x'))).rejects.toThrow(InputError);
    await expect(makeFolder('/proc/dualc')).rejects.toThrow(InputError);
  });
});

describe('inTemporaryFolder', () => {
  it('removes the folder, whatever happens', async () => {
    let seen = '';
    const act = inTemporaryFolder(async folder => {
      seen = folder;
      expect(existsSync(folder)).toBe(true);
      throw new Error('stop');
    });
    await expect(act).rejects.toThrow('stop');
    expect(existsSync(seen)).toBe(false);
  });

  it('holds the machine at fault when there is no place for one', async () => {
    vi.stubEnv('TMPDIR', path.join(base, 'absent'));
    const act = inTemporaryFolder(async () => {});
    await expect(act).rejects.toThrow(EnvironmentError);
    await expect(act).rejects.toThrow(/no place for temporary files in .*absent: ENOENT.*TMPDIR/);
  });
});

describe('removeLeftovers', () => {
  it('removes what writers of these files leave, and nothing else', async () => {
    const left = ['a.0123456789abcdef.part', 'b.fedcba9876543210.part'];
    const kept = [
      'a',
      'a.part',
      'a.0123.part',
      'a.0123456789abcdeX.part',
      'c.0123456789abcdef.part',
      'x.a.0123456789abcdef.part',
    ];
    for (const name of [...left, ...kept]) await writeFile(path.join(base, name), '');
    await removeLeftovers(base, ['a', 'b']);
    expect((await readdir(base)).sort()).toEqual(kept.toSorted());
  });
});
