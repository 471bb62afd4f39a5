/** Reads files that the user named, and says in plain words why one cannot be read. */
import { readFile } from 'node:fs/promises';
import { InputError } from '../errors.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB',
};

/** All bytes of a file. Raises `InputError` when it cannot be read. */
export async function readWholeFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new InputError(`cannot read ${file}: ${reasons[code] ?? code}`, { cause: error });
  }
}
