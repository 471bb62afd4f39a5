import { execFileSync } from 'node:child_process';
import { appendFileSync, truncateSync, utimesSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError, InputError } from '../../../runtime/errors.ts';
import { disk } from '../../../runtime/files/disk.ts';
import { fileKinds } from '../../../runtime/files/file-kinds.ts';
import { checkRegularFile, readText, readWholeFile, UnreadableError } from '../../../runtime/files/read-file.ts';
import { failure } from '../../support/faulty-disk.ts';

const kind = { what: 'a sample', largest: 1024 };
let base: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-read-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(base, { recursive: true, force: true });
});

const inBase = (name: string): string => path.join(base, name);

/** What `readWholeFile` and `checkRegularFile` raise, which is the same. */
function refusal(file: string): string {
  const caught = (act: () => unknown): unknown => {
    try {
      act();
    } catch (error) {
      return error;
    }
    return null;
  };
  const errors = [caught(() => readWholeFile(file, kind)), caught(() => checkRegularFile(file, kind))];
  for (const error of errors) expect(error).toBeInstanceOf(UnreadableError);
  const [first, second] = errors.map(error => (error as UnreadableError).message);
  expect(second).toBe(first);
  return first!;
}

describe('readWholeFile', () => {
  it('reads what is there, also through a link, also in small pieces', async () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index));
    await writeFile(inBase('a'), bytes);
    await symlink('a', inBase('link'));
    expect(readWholeFile(inBase('link'), kind)).toEqual(bytes);
    const { read } = disk;
    vi.spyOn(disk, 'read').mockImplementation((descriptor, into, from, length, position) =>
      read(descriptor, into, from, Math.min(length, 7), position),
    );
    expect(readWholeFile(inBase('a'), kind)).toEqual(bytes);
  });

  it('reads an empty file, and text as UTF-8', async () => {
    await writeFile(inBase('empty'), '');
    await writeFile(inBase('text'), 'ε');
    expect(readWholeFile(inBase('empty'), kind)).toHaveLength(0);
    expect(readText(inBase('text'), kind)).toBe('ε');
  });

  it('says why there is nothing to read', async () => {
    await writeFile(inBase('file'), '');
    await symlink('circle', inBase('circle'));
    expect(refusal(inBase('absent'))).toMatch(/cannot read .*absent: it does not exist/);
    expect(refusal(inBase('file/x'))).toContain('a part of its path is a file');
    expect(refusal(inBase('circle'))).toContain('a link that leads back to itself');
    expect(refusal(inBase('a'.repeat(300)))).toContain('its name is too long');
    expect(refusal('a\0b')).toContain('no file can have that name');
  });

  it('refuses what is no regular file, at once', async () => {
    execFileSync('mkfifo', [inBase('pipe')]);
    await symlink('/dev/zero', inBase('link'));
    const server = createServer();
    await new Promise<void>(resolve => server.listen(inBase('socket'), resolve));
    expect(refusal(inBase('pipe'))).toMatch(/it is a pipe, not a regular file$/);
    expect(refusal(inBase('socket'))).toMatch(/it is a socket, not a regular file$/);
    server.close();
    expect(refusal(base)).toMatch(/it is a folder$/);
    for (const file of ['/dev/zero', '/dev/full', '/dev/null', '/dev/tty', inBase('link')])
      expect(refusal(file)).toMatch(/it is a device, not a regular file$/);
  });

  it('looks again at what it has opened: a pipe may have taken the place of a file', () => {
    execFileSync('mkfifo', [inBase('pipe')]);
    const { open } = disk;
    vi.spyOn(disk, 'open').mockImplementation((file, flags) =>
      open(file === inBase('file') ? inBase('pipe') : file, flags),
    );
    execFileSync('touch', [inBase('file')]);
    expect(() => readWholeFile(inBase('file'), kind)).toThrow(/it is a pipe, not a regular file/);
  });

  it('refuses by size before it reads: 1 TiB of nothing', async () => {
    await writeFile(inBase('sparse'), '');
    await truncate(inBase('sparse'), 2 ** 40);
    const read = vi.spyOn(disk, 'read');
    for (const each of Object.values(fileKinds)) {
      expect(() => readWholeFile(inBase('sparse'), each)).toThrow(
        /it has 1099511627776 bytes \(1 TiB\), and an? .* at most /,
      );
    }
    expect(read).not.toHaveBeenCalled();
    await truncate(inBase('sparse'), 1025);
    expect(refusal(inBase('sparse'))).toMatch(/it has 1025 bytes \(1 KiB\), and a sample at most 1 KiB$/);
  });

  it.skipIf(process.platform !== 'linux')('refuses a file of /proc, whose size is not that of its text', () => {
    expect(() => readWholeFile('/proc/self/status', kind)).toThrow(/its size is 0, and yet bytes come out of it/);
  });

  it.each([
    ['grows', 20, () => appendFileSync(inBase('a'), 'more'), /it grew beyond its 20 bytes while it was read/],
    ['shrinks', 20, () => truncateSync(inBase('a'), 7), /it ended after 7 of 20 bytes while it was read/],
    ['is written to', 20, () => utimesSync(inBase('a'), 1, 1), /it was written to while it was read/],
  ])('refuses a file that %s meanwhile', async (_, size, change, message) => {
    await writeFile(inBase('a'), 'x'.repeat(size));
    const { read } = disk;
    vi.spyOn(disk, 'read').mockImplementationOnce((...call) => {
      change();
      return read(...call);
    });
    expect(() => readWholeFile(inBase('a'), kind)).toThrow(message);
    expect(() => readWholeFile(inBase('a'), kind)).not.toThrow();
  });

  it('holds the machine at fault when the disk fails, and closes what it opened', async () => {
    await writeFile(inBase('a'), 'x');
    const close = vi.spyOn(disk, 'close');
    vi.spyOn(disk, 'read').mockImplementation(() => {
      throw failure('EIO');
    });
    expect(() => readWholeFile(inBase('a'), kind)).toThrow(EnvironmentError);
    expect(() => readWholeFile(inBase('a'), kind)).toThrow(/a could not be read: the disk says EIO/);
    expect(close).toHaveBeenCalledTimes(2);
  });

  it.skipIf(process.getuid?.() === 0)('says so when it may not be read', async () => {
    await writeFile(inBase('a'), 'x', { mode: 0 });
    expect(() => readWholeFile(inBase('a'), kind)).toThrow(/you may not read it/);
  });

  it('raises what counts as the fault of the input', async () => {
    await mkdir(inBase('folder'));
    expect(() => readWholeFile(inBase('folder'), kind)).toThrow(InputError);
  });
});
