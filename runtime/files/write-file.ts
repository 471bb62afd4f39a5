/**
 * The one way to write a file: whole, or not at all. The bytes go to a file of another name beside it, are flushed, read back and
 * compared, and only then take the place of the file before.
 */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, lstatSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { EnvironmentError } from '../errors.ts';
import { disk, firstDifference, writeAll } from './disk.ts';
import { specialKind } from './read-file.ts';
import { writeFailure } from './write-failure.ts';

const openNew = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR;

/**
 * Writes a whole file or leaves the old one as it was. A link is followed. Raises `EnvironmentError`, with the number of bytes that are
 * missing, when the disk is full, fails, or does not hold what was written; `InputError` when the place cannot be written to.
 */
export async function writeWholeFile(file: string, data: string | Uint8Array): Promise<void> {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  let missing = bytes.length;
  let temporary: string | null = null;
  try {
    const { target, before } = targetOf(file);
    // Of two programs that write the same file at once, each has its own.
    temporary = `${target}.${randomBytes(8).toString('hex')}.part`;
    fill(temporary, file, bytes, before, left => {
      missing = left;
    });
    missing = bytes.length;
    disk.rename(temporary, target);
    temporary = null;
    syncFolder(path.dirname(target), file);
  } catch (error) {
    throw writeFailure(file, error, { missing, total: bytes.length });
  } finally {
    if (temporary !== null) removeQuietly(temporary);
  }
}

/**
 * Whether a file could be written as far as can be known before: for what takes long to compute. Raises `InputError` when its place is a
 * folder, no regular file, or may not be written to.
 */
export function checkWritable(file: string): void {
  try {
    accessSync(path.dirname(targetOf(file).target), constants.W_OK);
  } catch (error) {
    throw writeFailure(file, error);
  }
}

/** What stands beside a file while it is written, and stays there when the process is killed. */
export const isLeftover = (name: string, of: string): boolean =>
  name.startsWith(`${of}.`) && /^[0-9a-f]{16}\.part$/.test(name.slice(of.length + 1));

function fill(
  temporary: string,
  file: string,
  bytes: Uint8Array,
  like: Stats | null,
  onMissing: (bytes: number) => void,
): void {
  const descriptor = disk.open(temporary, openNew, 0o666);
  try {
    if (like !== null) imitate(descriptor, like);
    writeAll(descriptor, bytes, written => onMissing(bytes.length - written));
    onMissing(bytes.length);
    disk.sync(descriptor);
  } finally {
    disk.close(descriptor);
  }
  checkWritten(temporary, file, bytes);
}

/** Opened anew, so that nothing the first descriptor remembers is taken for what is on the disk. */
function checkWritten(temporary: string, file: string, bytes: Uint8Array): void {
  const descriptor = disk.open(temporary, constants.O_RDONLY);
  try {
    const { size } = disk.status(descriptor);
    if (size !== bytes.length) {
      const amount =
        size < bytes.length
          ? `${bytes.length - size} of its ${bytes.length} bytes are missing`
          : `it has ${size} bytes instead of ${bytes.length}`;
      throw new EnvironmentError(`${file} could not be written: ${amount}, and the system reported no error`);
    }
    // Every byte is compared, which is more than their hash would say.
    const at = firstDifference(descriptor, bytes, 0);
    if (at === null) return;
    throw new EnvironmentError(
      `${file} could not be written: from byte ${at} of ${bytes.length} on, the disk does not hold what was written to it`,
    );
  } finally {
    disk.close(descriptor);
  }
}

/** Where a name leads, and what is there. Raises for what is no regular file, or may not be changed. */
function targetOf(file: string): { target: string; before: Stats | null } {
  const before = statSync(file, { throwIfNoEntry: false }) ?? null;
  if (before === null) return { target: withoutLinks(file), before };
  if (before.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  const special = specialKind(before);
  if (special !== null) throw Object.assign(new Error(special), { code: 'ESPECIAL' });
  // To replace a file one need not be allowed to change it; who protected it meant that, too.
  accessSync(file, constants.W_OK);
  return { target: realpathSync(file), before };
}

/** Of a link to a file that there is not yet, that file. */
function withoutLinks(file: string, followed = 0): string {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status?.isSymbolicLink() !== true) return file;
  if (followed === 40) throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
  return withoutLinks(path.resolve(realpathSync(path.dirname(file)), readlinkSync(file)), followed + 1);
}

function imitate(descriptor: number, like: Stats): void {
  try {
    disk.imitate(descriptor, like);
  } catch {
    // Some file systems know neither modes nor owners.
  }
}

/** So that the new name lasts, too. Not every system opens or syncs folders. */
function syncFolder(folder: string, file: string): void {
  let descriptor: number;
  try {
    descriptor = disk.open(folder, constants.O_RDONLY);
  } catch {
    return;
  }
  try {
    disk.sync(descriptor);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EIO')) return;
    throw new EnvironmentError(`${file} is written, and may yet be lost: its folder could not be flushed (EIO)`);
  } finally {
    disk.close(descriptor);
  }
}

function removeQuietly(file: string): void {
  try {
    disk.remove(file);
  } catch {
    // What went wrong before is what the user should hear of.
  }
}
