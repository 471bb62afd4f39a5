/** Text files as the command line reads and writes them: whole, or not at all. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, writeWholeFile } from '../../runtime/checkpoint/write-file.ts';
import { InputError } from '../../runtime/errors.ts';

/** The folder is made when it is not there. Raises what `writeWholeFile` does. */
export async function writeText(file: string, text: string): Promise<void> {
  await makeFolder(dirname(file));
  await writeWholeFile(file, text);
}

/** Null when there is no such file. */
export async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new InputError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
