/** Folders: made with those above them, made for a while, and cleared of what killed processes left. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '../errors.ts';
import { writeFailure } from './write-failure.ts';
import { isLeftover } from './write-file.ts';

/**
 * Makes a folder and those above it; returns those that were not there, outermost first. Raises as `writeWholeFile` does. Level by
 * level: `mkdir` with `recursive` never returns where a file system has the parent and refuses the child, as /proc does.
 */
export async function makeFolder(folder: string): Promise<string[]> {
  if (existsSync(folder) && (await stat(folder)).isDirectory()) return [];
  const parent = path.dirname(folder);
  const made = parent === folder ? [] : await makeFolder(parent);
  try {
    await mkdir(folder);
    return [...made, folder];
  } catch (error) {
    // Another process may have made it meanwhile.
    if (existsSync(folder) && (await stat(folder)).isDirectory()) return made;
    throw writeFailure(folder, error);
  }
}

/** A folder that is there while `act` runs. Raises `EnvironmentError` when the system has no place for one. */
export async function inTemporaryFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const place = os.tmpdir();
  const folder = await mkdtemp(path.join(place, 'dualc-')).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(`there is no place for temporary files in ${place}: ${why}. TMPDIR names another`, {
      cause: error,
    });
  });
  try {
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what killed processes left of files that they were writing. No process may be writing them now. */
export async function removeLeftovers(folder: string, files: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    if (files.some(file => isLeftover(name, file))) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

/** Files in a folder and those below it, sorted, as paths in it with `/`. Raises as `readdir` does. */
export async function filesBelow(folder: string, below = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(path.join(folder, below), { withFileTypes: true })) {
    const name = path.posix.join(below, entry.name);
    found.push(...(entry.isDirectory() ? await filesBelow(folder, name) : [name]));
  }
  return found.toSorted();
}
