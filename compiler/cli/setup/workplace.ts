/**
 * Where a setup works: a folder beside that of the build. Finished downloads stay in it when the setup ends early, so that the next one does not
 * fetch them again; all else is thrown away then. What was built is moved to its place in one step.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { LockPlace } from '../../../runtime/checkpoint/folder-lock.ts';
import { makeFolder, removeLeftovers } from '../../../runtime/files/folders.ts';
import { writeFailure } from '../../../runtime/files/write-failure.ts';

export interface Workplace {
  /** Beside the build: `4.22.0-cpu.part`. */
  readonly folder: string;
  /** Those that are whole. */
  readonly downloads: string;
}

export function workplaceOf(build: string): Workplace {
  const folder = `${build}.part`;
  return { folder, downloads: path.join(folder, 'downloads') };
}

export const lockOf = (build: string): LockPlace => ({
  folder: path.dirname(build),
  lock: `${build}.lock`,
  occupied: `at work on ${build}`,
  taken: 'another one works there',
  choice: 'wait until it ends',
});

/** Makes the workplace, without what an earlier setup left there unfinished. The build is locked now. */
export async function openWorkplace(build: string): Promise<Workplace> {
  const place = workplaceOf(build);
  await removeLeftovers(path.dirname(build), [path.basename(lockOf(build).lock)]);
  await makeFolder(place.downloads);
  for (const name of await readdir(place.folder)) {
    if (name !== path.basename(place.downloads))
      await rm(path.join(place.folder, name), { recursive: true, force: true });
  }
  return place;
}

/** A new folder in the workplace. Of a name that was never used: a program whose setup was killed may write into an old one yet. */
export async function newFolder({ folder }: Workplace, name: string): Promise<string> {
  const made = path.join(folder, `${name}-${randomBytes(8).toString('hex')}`);
  await makeFolder(made);
  return made;
}

/** Puts a finished tree in the place of the build, and removes all else. */
export async function moveIntoPlace(tree: string, build: string): Promise<void> {
  const { folder } = workplaceOf(build);
  try {
    if (existsSync(build)) renameSync(build, path.join(folder, `replaced-${randomBytes(8).toString('hex')}`));
    renameSync(tree, build);
  } catch (error) {
    throw writeFailure(build, error);
  }
  await rm(folder, { recursive: true, force: true });
}
