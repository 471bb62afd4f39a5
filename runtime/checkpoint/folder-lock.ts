/** One process at a time works in a folder. Others may read it. */
import { rmdir } from 'node:fs/promises';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import { EnvironmentError } from '../errors.ts';
import { makeFolder } from '../files/folders.ts';
import { writeFailure } from '../files/write-failure.ts';
import { lockFiles } from './lock-files.ts';
import { isAlive, ownerOf, thisProcess } from './lock-owner.ts';

/** What is locked, and how to speak of it. */
export interface LockPlace {
  readonly folder: string;
  /** There while a process works in the folder. */
  readonly lock: string;
  /** `has been …` since when. */
  readonly occupied: string;
  /** What another process does that took the lock away. */
  readonly taken: string;
  /** What to do while another process holds it. */
  readonly choice: string;
}

export interface FolderLock {
  /** Raises `EnvironmentError` when the lock is no longer held: another process took it for that of a dead one, or it was removed. */
  assertHeld(): void;
  release(): Promise<void>;
}

/** Minutes without a sign of life after which the lock of a process that cannot be asked, on another machine, is taken over. */
const staleMinutes = 5;
const signOfLifeSeconds = 10;

/**
 * Locks a folder, which is made when it is not there, until `release` or the end of the process. The lock of a process that
 * was killed is taken over. Raises `EnvironmentError` when another process holds it: nothing is wrong with what was asked for, and the same will
 * work once that process has ended. Raises as `writeWholeFile` does when the folder cannot be written to.
 */
export async function lockFolder(at: LockPlace): Promise<FolderLock> {
  const made = await makeFolder(at.folder);
  const place = path.resolve(at.lock);
  const owner = thisProcess();
  let lost = false;
  const unlock = await lock(path.resolve(at.folder), {
    lockfilePath: place,
    fs: lockFiles(owner),
    stale: staleMinutes * 60_000,
    update: signOfLifeSeconds * 1000,
    onCompromised: () => {
      lost = true;
    },
  }).catch(async (error: unknown) => {
    await removeEmpty(made);
    throw error instanceof Error && 'code' in error && error.code === 'ELOCKED'
      ? heldError(at)
      : lockFailure(at, error);
  });
  return {
    assertHeld() {
      if (!lost && ownerOf(place)?.token === owner.token) return;
      throw new EnvironmentError(
        `${at.folder} is no longer locked by this process: ${at.taken}, or ${at.lock} was removed. Nothing more is written to it`,
      );
    },
    async release() {
      await unlock().catch((error: unknown) => {
        // Lost is lost; whose it is now keeps it.
        if (!lost) throw writeFailure(at.lock, error);
      });
      await removeEmpty(made);
    },
  };
}

/** Runs `act` while the folder is locked. Raises what `lockFolder` and `act` do. */
export async function withFolderLock<T>(at: LockPlace, act: (held: FolderLock) => Promise<T>): Promise<T> {
  const held = await lockFolder(at);
  try {
    return await act(held);
  } finally {
    await held.release();
  }
}

/** Names the lock, not the file of another name in which it was made. */
function lockFailure(at: LockPlace, error: unknown): Error {
  return writeFailure(at.lock, error instanceof Error ? (error.cause ?? error) : error);
}

function heldError(at: LockPlace): EnvironmentError {
  const holder = ownerOf(at.lock);
  const { choice } = at;
  if (holder === null) return new EnvironmentError(`${at.folder} is locked by another process: ${choice}`);
  const who = `process ${holder.pid}${isAlive(holder) === null ? ` on ${holder.host}` : ''}`;
  const since = holder.since.replace(/\.\d+Z$/, 'Z').replace('T', ' ');
  const remedy =
    isAlive(holder) === null
      ? `${choice}. Should it have been killed, its lock is taken over ${staleMinutes} minutes after its last sign of life`
      : choice;
  return new EnvironmentError(`${who} has been ${at.occupied} since ${since}: ${remedy}`);
}

/** Folders that were made for nothing; those that hold something stay. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) await rmdir(folder).catch(() => {});
}
