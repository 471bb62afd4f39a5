/**
 * The one way to read a file: regular files only, of a size that is known before and fits the kind of file. A pipe would hang, a
 * device would fill the memory, and a file that changes meanwhile is neither what it was nor what it will be.
 */
import { constants, type Stats, statSync } from 'node:fs';
import { EnvironmentError, InputError } from '../errors.ts';
import { printBytes } from '../report/print-bytes.ts';
import { disk, readInto } from './disk.ts';
import type { FileKind } from './file-kinds.ts';

/** A file that was not read. `isMissing`: there is none of that name. */
export class UnreadableError extends InputError {
  readonly reason: string;
  readonly isMissing: boolean;

  constructor(file: string, reason: string, isMissing: boolean, cause?: unknown) {
    super(`cannot read ${file}: ${reason}`, { cause });
    this.reason = reason;
    this.isMissing = isMissing;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ELOOP: 'it is a link that leads back to itself',
  ENAMETOOLONG: 'its name is too long',
  ENXIO: 'it is a socket or a device',
  ERR_INVALID_ARG_VALUE: 'no file can have that name',
};

/** A pipe without a writer is not waited for, and a terminal does not become ours. Windows has neither. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * All bytes of a regular file. Raises `UnreadableError`, an `InputError`, when there is none, it may not be read, is no
 * regular file, is larger than its kind may be, or changes while it is read; `EnvironmentError` when the disk fails or the memory is
 * short.
 */
export function readWholeFile(file: string, kind: FileKind): Buffer {
  return guarded(file, () => {
    // Looked at before it is opened too: opening alone does something to some devices.
    requireRegular(file, statSync(file), kind);
    const descriptor = disk.open(file, flags);
    try {
      const before = disk.status(descriptor);
      requireRegular(file, before, kind);
      const bytes = allocate(file, before.size);
      const read = readInto(descriptor, bytes, 0);
      if (read < bytes.length) {
        throw new UnreadableError(file, `it ended after ${read} of ${bytes.length} bytes while it was read`, false);
      }
      if (disk.read(descriptor, Buffer.alloc(1), 0, 1, bytes.length) > 0) throw grew(file, bytes.length);
      if (disk.status(descriptor).mtimeMs !== before.mtimeMs) {
        throw new UnreadableError(file, 'it was written to while it was read: wait until it is complete', false);
      }
      return bytes;
    } finally {
      disk.close(descriptor);
    }
  });
}

/** As `readWholeFile`, decoded from UTF-8. */
export const readText = (file: string, kind: FileKind): string => readWholeFile(file, kind).toString('utf8');

/** For a file that something else is going to read. Raises as `readWholeFile` does. */
export function checkRegularFile(file: string, kind: FileKind): void {
  guarded(file, () => requireRegular(file, statSync(file), kind));
}

function requireRegular(file: string, status: Stats, { what, largest }: FileKind): void {
  const special = specialKind(status);
  if (special !== null) {
    throw new UnreadableError(file, `it is ${special}${status.isDirectory() ? '' : ', not a regular file'}`, false);
  }
  if (status.size > largest) {
    throw new UnreadableError(
      file,
      `it has ${status.size} bytes (${printBytes(status.size)}), and ${what} at most ${printBytes(largest)}`,
      false,
    );
  }
}

/** What a file is that is not regular, or null. */
export function specialKind(status: Stats): string | null {
  if (status.isFile()) return null;
  if (status.isDirectory()) return 'a folder';
  if (status.isFIFO()) return 'a pipe';
  if (status.isSocket()) return 'a socket';
  return 'a device';
}

function allocate(file: string, size: number): Buffer {
  try {
    return Buffer.allocUnsafe(size);
  } catch (error) {
    throw new EnvironmentError(`there is not enough memory to read ${file}, ${printBytes(size)}`, { cause: error });
  }
}

/** Files of /proc and the like claim to be empty and are not. */
const grew = (file: string, size: number): UnreadableError =>
  new UnreadableError(
    file,
    size === 0
      ? 'its size is 0, and yet bytes come out of it: copy them to a file'
      : `it grew beyond its ${size} bytes while it was read: wait until it is complete`,
    false,
  );

function guarded<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof InputError || error instanceof EnvironmentError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = reasons[code];
    if (reason !== undefined) throw new UnreadableError(file, reason, code === 'ENOENT' || code === 'ENOTDIR', error);
    throw new EnvironmentError(`${file} could not be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
