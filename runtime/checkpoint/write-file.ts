/** Files that are whole or absent: written beside the old one, flushed, then renamed over it. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { EnvironmentError, InputError } from '../errors.ts';

/** Writes a whole file or leaves the old one as it was. */
export type WriteFile = (file: string, data: string | Uint8Array) => Promise<void>;

/** Raises `EnvironmentError` when the disk is full or fails, `InputError` when the place cannot be written to. */
export const writeWholeFile: WriteFile = async (file, data) => {
  try {
    await writeFileAtomic(
      file,
      typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.length),
    );
  } catch (error) {
    throw writeFailure(file, error);
  }
};

/**
 * Makes a folder and those above it. Raises as `writeWholeFile` does. Level by level: `mkdir` with `recursive` never returns
 * where a file system has the parent and refuses the child, as /proc does.
 */
export async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder) && (await stat(folder)).isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  try {
    await mkdir(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(folder) || !(await stat(folder)).isDirectory()) throw writeFailure(folder, error);
  }
}

/** Removes what a killed process left of a file it was writing. */
export async function removeLeftovers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.`;
  for (const name of await readdir(folder)) {
    if (name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
      await rm(path.join(folder, name), { force: true });
  }
}

/** The error of a failed write in words that say what to do. */
export function writeFailure(file: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EnvironmentError(
      `the disk is full: ${file} could not be written (${code}). Make room and go on with --resume`,
    );
  }
  // A file system such as /proc has no place for what it did not make.
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOENT') {
    return new InputError(`${file} cannot be written (${code}): choose a folder that you may write to`);
  }
  if (code === 'ENOTDIR' || code === 'EEXIST' || code === 'EISDIR') {
    return new InputError(`${file} cannot be written (${code}): a file or folder of that name is in the way`);
  }
  return new EnvironmentError(`${file} could not be written: ${why}`);
}
