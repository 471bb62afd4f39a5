import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError, InputError } from '../../../runtime/errors.ts';
import { writeFailure } from '../../../runtime/files/write-failure.ts';
import { checkWritable, writeWholeFile } from '../../../runtime/files/write-file.ts';
import { breakDisk, failure, faults } from '../../support/faulty-disk.ts';
import { canMount, mountSmall } from '../../support/small-file-system.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-write-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(base, { recursive: true, force: true });
});

const inBase = (name: string): string => path.join(base, name);

describe('writeWholeFile', () => {
  it('replaces a file and leaves nothing beside it', async () => {
    const file = inBase('a.bin');
    await writeWholeFile(file, 'old');
    await writeWholeFile(file, new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
    expect([...(await readFile(file))]).toEqual([2, 3]);
    expect(await readdir(base)).toEqual(['a.bin']);
  });

  it('writes nothing, and text as UTF-8', async () => {
    await writeWholeFile(inBase('empty'), '');
    await writeWholeFile(inBase('text'), 'ε ≤ ½');
    expect((await stat(inBase('empty'))).size).toBe(0);
    expect(await readFile(inBase('text'), 'utf8')).toBe('ε ≤ ½');
  });

  it('keeps the mode of the file it replaces', async () => {
    await writeFile(inBase('script'), '', { mode: 0o755 });
    await writeWholeFile(inBase('script'), 'new');
    expect((await stat(inBase('script'))).mode & 0o777).toBe(0o755);
  });

  it('writes where a link leads, also when nothing is there yet', async () => {
    await mkdir(inBase('real'));
    await writeFile(inBase('real/old'), 'old');
    await symlink('real', inBase('folder'));
    await symlink('folder/old', inBase('old'));
    await symlink('../real/new', inBase('real/again'));
    await symlink('folder/again', inBase('new'));
    await writeWholeFile(inBase('old'), 'changed');
    await writeWholeFile(inBase('new'), 'made');
    expect(await readlink(inBase('old'))).toBe('folder/old');
    expect(await readlink(inBase('new'))).toBe('folder/again');
    expect(await readFile(inBase('real/old'), 'utf8')).toBe('changed');
    expect(await readFile(inBase('real/new'), 'utf8')).toBe('made');
    expect((await readdir(inBase('real'))).sort()).toEqual(['again', 'new', 'old']);
  });

  it('says what is in the way', async () => {
    await mkdir(inBase('taken'));
    await symlink('circle', inBase('circle'));
    await expect(writeWholeFile(inBase('taken'), 'x')).rejects.toThrow(/taken.*EISDIR.*in the way/);
    await expect(writeWholeFile(inBase('absent/x'), 'x')).rejects.toThrow(/absent.*ENOENT/);
    await expect(writeWholeFile(inBase('circle'), 'x')).rejects.toThrow(/circle.*ELOOP/);
    await expect(writeWholeFile(inBase('a'.repeat(300)), 'x')).rejects.toThrow(/ENAMETOOLONG.*another name/);
  });

  it('replaces no device and no pipe', async () => {
    execFileSync('mkfifo', [inBase('pipe')]);
    await symlink('/dev/null', inBase('link'));
    await expect(writeWholeFile('/dev/null', 'x')).rejects.toThrow(/\/dev\/null cannot.*a device, not a regular file/);
    await expect(writeWholeFile(inBase('link'), 'x')).rejects.toThrow(InputError);
    await expect(writeWholeFile(inBase('pipe'), 'x')).rejects.toThrow(/a pipe, not a regular file/);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    expect((await stat(inBase('pipe'))).isFIFO()).toBe(true);
  });

  it.skipIf(process.getuid?.() === 0)('leaves a protected file and a protected folder alone', async () => {
    await writeFile(inBase('kept'), 'kept', { mode: 0o444 });
    await expect(writeWholeFile(inBase('kept'), 'x')).rejects.toThrow(/kept.*EACCES/);
    await chmod(base, 0o555);
    await expect(writeWholeFile(inBase('new'), 'x')).rejects.toThrow(/new.*EACCES/);
    await chmod(base, 0o755);
    expect(await readFile(inBase('kept'), 'utf8')).toBe('kept');
  });

  it('lets two writers of one file each finish', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
    await Promise.all(texts.map(text => writeWholeFile(inBase('shared'), text)));
    expect(texts).toContain(await readFile(inBase('shared'), 'utf8'));
    expect(await readdir(base)).toEqual(['shared']);
  });
});

describe('checkWritable', () => {
  it('raises what the write would raise, before it', async () => {
    await mkdir(inBase('folder'));
    execFileSync('mkfifo', [inBase('pipe')]);
    for (const [file, message] of [
      [inBase('folder'), /EISDIR/],
      [inBase('pipe'), /a pipe, not a regular file/],
      [inBase('absent/x'), /ENOENT/],
      ['/dev/null', /a device, not a regular file/],
    ] as const) {
      expect(() => checkWritable(file)).toThrow(InputError);
      expect(() => checkWritable(file)).toThrow(message);
      await expect(writeWholeFile(file, 'x')).rejects.toThrow(message);
    }
  });

  it('writes nothing, and changes nothing', async () => {
    await writeFile(inBase('old'), 'old');
    for (const name of ['old', 'new']) checkWritable(inBase(name));
    expect(await readdir(base)).toEqual(['old']);
    expect(await readFile(inBase('old'), 'utf8')).toBe('old');
  });
});

describe('a disk that fails', () => {
  const total = 1000;
  const bytes = Uint8Array.from({ length: total }, (_, index) => index);
  const messages: Readonly<Record<string, RegExp>> = {
    'is full': /^the disk is full: .*x could not be written, 600 of its 1000 bytes are missing \(ENOSPC\)$/,
    'is full from the first byte on': /^the disk is full: .*x .*, 1000 of its 1000 bytes are missing \(ENOSPC\)$/,
    'is over the quota': /^the disk is full: .*x .*, 600 of its 1000 bytes are missing \(EDQUOT\)$/,
    'fails in the middle': /x could not be written, 600 of its 1000 bytes are missing: the disk says EIO$/,
    'takes nothing and says nothing': /x could not be written, 600 of its 1000 bytes are missing: .*wrote nothing$/,
    'claims to have written what it has not': /x could not .*: 600 of its 1000 bytes are missing, .*reported no error$/,
    'holds another byte than it was given': /x could not be written: from byte 400 of 1000 on, the disk does not hold/,
    'fails when it is flushed': /x could not be written, 1000 of its 1000 bytes are missing: the disk says EIO$/,
    'has no room for the new name': /^the disk is full: .*x .*, 1000 of its 1000 bytes are missing \(ENOSPC\)$/,
  };

  describe.each(Object.entries(faults(400)))('%s', (name, fault) => {
    it('leaves the old file as it was, and says how much is missing', async () => {
      const file = inBase('x');
      await writeFile(file, 'old');
      breakDisk(fault);
      const outcome = await writeWholeFile(file, bytes).catch((error: unknown) => error);
      expect(await readdir(base)).toEqual(['x']);
      if (fault.harmless === true) {
        expect(outcome).toBeUndefined();
        expect(new Uint8Array(await readFile(file))).toEqual(bytes);
      } else {
        expect(outcome).toBeInstanceOf(EnvironmentError);
        expect((outcome as Error).message).toMatch(messages[name]!);
        expect(await readFile(file, 'utf8')).toBe('old');
      }
    });

    it('leaves nothing where nothing was', async () => {
      breakDisk(fault);
      await writeWholeFile(inBase('x'), bytes).catch(() => {});
      expect(await readdir(base)).toEqual(fault.harmless === true ? ['x'] : []);
    });
  });

  it('is reported when it is the folder that cannot be flushed', async () => {
    breakDisk(
      {
        sync: () => {
          throw failure('EIO');
        },
      },
      place => place === base,
    );
    await expect(writeWholeFile(inBase('x'), bytes)).rejects.toThrow(/x is written, and may yet be lost/);
  });

  it.skipIf(!canMount)('and is a real one, of 64 kB', async () => {
    const small = mountSmall(64)!;
    try {
      const file = path.join(small.folder, 'x');
      await writeWholeFile(file, Buffer.alloc(20_000, 1));
      const failed = writeWholeFile(file, Buffer.alloc(60_000, 2));
      await expect(failed).rejects.toThrow(/^the disk is full: .*x could not be written, \d+ of its 60000 bytes/);
      await expect(failed).rejects.toBeInstanceOf(EnvironmentError);
      expect(await readFile(file)).toEqual(Buffer.alloc(20_000, 1));
      expect(await readdir(small.folder)).toEqual(['x']);
      await writeWholeFile(file, Buffer.alloc(30_000, 2));
    } finally {
      small.remove();
    }
  });
});

describe('writeFailure', () => {
  it.each([
    ['ENOSPC', EnvironmentError, /disk is full.*ENOSPC/],
    ['EDQUOT', EnvironmentError, /disk is full.*EDQUOT/],
    ['EACCES', InputError, /EACCES.*you may write to/],
    ['EROFS', InputError, /EROFS.*you may write to/],
    ['EIO', EnvironmentError, /could not be written: broken/],
    ['EFBIG', EnvironmentError, /could not be written: broken/],
  ])('tells the user from the machine: %s', (code, type, message) => {
    const error = writeFailure('f', Object.assign(new Error('broken'), { code }));
    expect(error).toBeInstanceOf(type);
    expect(error.message).toMatch(message);
  });

  it('gives no advice: what to run again, the command knows', () => {
    expect(writeFailure('f', failure('ENOSPC'), { missing: 1, total: 2 }).message).not.toContain('--');
  });
});
