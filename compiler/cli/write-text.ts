/** Text files as the command line reads and writes them: whole, or not at all. */
import { dirname } from 'node:path';
import { fileKinds } from '../../runtime/files/file-kinds.ts';
import { makeFolder } from '../../runtime/files/folders.ts';
import { readText, UnreadableError } from '../../runtime/files/read-file.ts';
import { writeWholeFile } from '../../runtime/files/write-file.ts';

/** The folder is made when it is not there. Raises what `writeWholeFile` does. */
export async function writeText(file: string, text: string): Promise<void> {
  await makeFolder(dirname(file));
  await writeWholeFile(file, text);
}

/** The text of a module that was written before; null when there is no such file. Raises as `readWholeFile` does. */
export function readModuleText(file: string): string | null {
  try {
    return readText(file, fileKinds.module);
  } catch (error) {
    if (error instanceof UnreadableError && error.isMissing) return null;
    throw error;
  }
}
