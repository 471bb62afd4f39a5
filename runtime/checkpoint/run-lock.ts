/** One process at a time trains in a run folder. Others may read it. */
import { rmdir } from 'node:fs/promises';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import { EnvironmentError } from '../errors.ts';
import { makeFolder } from '../files/folders.ts';
import { writeFailure } from '../files/write-failure.ts';
import { lockFiles } from './lock-files.ts';
import { isAlive, ownerOf, thisProcess } from './lock-owner.ts';
import type { RunFolder } from './run-folder.ts';

export interface RunLock {
  /** Raises `EnvironmentError` when the lock is no longer held: another process took it for that of a dead one, or it was removed. */
  assertHeld(): void;
  release(): Promise<void>;
}

/** Minutes without a sign of life after which the lock of a process that cannot be asked, on another machine, is taken over. */
const staleMinutes = 5;
const signOfLifeSeconds = 10;

/**
 * Locks a run's folder, which is made when it is not there, until `release` or the end of the process. The lock of a process that
 * was killed is taken over. Raises `EnvironmentError` when another process holds it: nothing is wrong with what was asked for, and the same will
 * work once that process has ended. Raises as `writeWholeFile` does when the folder cannot be written to.
 */
export async function lockRun(run: RunFolder): Promise<RunLock> {
  const made = await makeFolder(run.folder);
  const place = path.resolve(run.lock);
  const owner = thisProcess();
  let lost = false;
  const unlock = await lock(path.resolve(run.folder), {
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
      ? heldError(run)
      : lockFailure(run, error);
  });
  return {
    assertHeld() {
      if (!lost && ownerOf(place)?.token === owner.token) return;
      throw new EnvironmentError(
        `${run.folder} is no longer locked by this process: another one trains there, or ${run.lock} was removed. Nothing more is written to it`,
      );
    },
    async release() {
      await unlock().catch((error: unknown) => {
        // Lost is lost; whose it is now keeps it.
        if (!lost) throw writeFailure(run.lock, error);
      });
      await removeEmpty(made);
    },
  };
}

/** Runs `act` while the folder is locked. Raises what `lockRun` and `act` do. */
export async function withRunLock<T>(run: RunFolder, act: (held: RunLock) => Promise<T>): Promise<T> {
  const held = await lockRun(run);
  try {
    return await act(held);
  } finally {
    await held.release();
  }
}

/** Names the lock, not the file of another name in which it was made. */
function lockFailure(run: RunFolder, error: unknown): Error {
  return writeFailure(run.lock, error instanceof Error ? (error.cause ?? error) : error);
}

function heldError(run: RunFolder): EnvironmentError {
  const holder = ownerOf(run.lock);
  const choice = 'wait until it ends, or choose another folder';
  if (holder === null) return new EnvironmentError(`${run.folder} is locked by another process: ${choice}`);
  const who = `process ${holder.pid}${isAlive(holder) === null ? ` on ${holder.host}` : ''}`;
  const since = holder.since.replace(/\.\d+Z$/, 'Z').replace('T', ' ');
  const remedy =
    isAlive(holder) === null
      ? `${choice}. Should it have been killed, its lock is taken over ${staleMinutes} minutes after its last sign of life`
      : choice;
  return new EnvironmentError(`${who} has been training in ${run.folder} since ${since}: ${remedy}`);
}

/** Folders that were made for nothing; those that hold something stay. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) await rmdir(folder).catch(() => {});
}
