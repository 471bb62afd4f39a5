/**
 * What proper-lockfile asks of a file system, so that its lock says whose it is and is judged by whether that process lives.
 *
 * The lock is a folder with the owner inside, made elsewhere and renamed into place: it appears whole, and only where none is. Age
 * decides only where nothing better is known. It would let a run be taken over whose steps take longer than expected, for
 * the backends compute synchronously and no timer fires meanwhile; and after a kill it would let one wait.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, realpath, renameSync, rmSync, type Stats, stat, utimes } from 'node:fs';
import { writeWholeFile } from '../files/write-file.ts';
import { isAlive, type LockOwner, ownerFile, ownerOf } from './lock-owner.ts';

type Done<T> = (error: NodeJS.ErrnoException | null, result?: T) => void;

export interface LockFiles {
  readonly realpath: typeof realpath;
  readonly utimes: typeof utimes;
  mkdir(lock: string, done: Done<void>): void;
  /** The time at which the lock was last known to be held. */
  stat(lock: string, done: Done<Pick<Stats, 'mtime'>>): void;
  rmdir(lock: string, done: Done<void>): void;
  rmdirSync(lock: string): void;
}

export function lockFiles(owner: LockOwner): LockFiles {
  /** Tokens of locks that this one may remove: its own, and those it looked at; whether they are old is asked in between. */
  const known = new Set([owner.token]);
  return {
    realpath,
    utimes,
    mkdir(lock, done) {
      putLock(lock, owner).then(
        () => done(null),
        error => done(error),
      );
    },
    stat(lock, done) {
      const holder = ownerOf(lock);
      if (holder !== null) known.add(holder.token);
      const alive = holder === null || holder.token === owner.token ? null : isAlive(holder);
      if (alive === null) stat(lock, done);
      else done(null, { mtime: new Date(alive ? Date.now() : 0) });
    },
    rmdir(lock, done) {
      try {
        removeLock(lock, known);
      } catch (error) {
        return done(error as NodeJS.ErrnoException);
      }
      done(null);
    },
    rmdirSync: lock => removeLock(lock, known),
  };
}

/** Raises EEXIST when there is a lock. */
async function putLock(lock: string, owner: LockOwner): Promise<void> {
  const made = aside(lock);
  mkdirSync(made);
  try {
    await writeWholeFile(ownerFile(made), `${JSON.stringify(owner)}\n`);
    renameSync(made, lock);
  } catch (error) {
    // Which error says so depends on the system; whoever holds the lock may also have cleared away what was made.
    const isHeld = existsSync(ownerFile(lock)) || !existsSync(made);
    rmSync(made, { recursive: true, force: true });
    throw isHeld ? Object.assign(new Error('there is a lock'), { code: 'EEXIST' }) : error;
  }
}

/**
 * Two processes may have found the same dead owner. The second to come would remove the lock of the first, so a lock is moved away, looked
 * at again, and put back when it is another.
 */
function removeLock(lock: string, known: ReadonlySet<string>): void {
  const moved = aside(lock);
  renameSync(lock, moved);
  const holder = ownerOf(moved);
  if (holder === null || known.has(holder.token)) rmSync(moved, { recursive: true, force: true });
  else renameSync(moved, lock);
}

/** A name beside the lock, of the form that is cleared away as a leftover. */
const aside = (lock: string): string => `${lock}.${randomBytes(8).toString('hex')}.part`;
