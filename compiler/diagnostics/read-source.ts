/** Reads the files that spans name, for `renderDiagnostics`. */
import { resolve } from 'node:path';
import { fileKinds } from '../../runtime/files/file-kinds.ts';
import { readText } from '../../runtime/files/read-file.ts';

/** @param folder what paths in spans are relative to; the working directory unless given */
export function sourceReader(folder: string = process.cwd()): (file: string) => string | undefined {
  return file => {
    try {
      return readText(resolve(folder, file), fileKinds.architecture);
    } catch {
      return undefined;
    }
  };
}
