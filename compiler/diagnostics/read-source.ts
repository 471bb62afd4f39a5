/** Reads the files that spans name, for `renderDiagnostics`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** @param folder what paths in spans are relative to; the working directory unless given */
export function sourceReader(folder: string = process.cwd()): (file: string) => string | undefined {
  return file => {
    try {
      return readFileSync(resolve(folder, file), 'utf8');
    } catch {
      return undefined;
    }
  };
}
