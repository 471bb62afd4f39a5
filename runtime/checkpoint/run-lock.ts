/** One process at a time trains in a run folder. Others may read it. */
import { type FolderLock, type LockPlace, lockFolder, withFolderLock } from './folder-lock.ts';
import type { RunFolder } from './run-folder.ts';

export type RunLock = FolderLock;

/** Raises as `lockFolder` does. */
export const lockRun = (run: RunFolder): Promise<RunLock> => lockFolder(placeOf(run));

/** Runs `act` while the folder is locked. Raises what `lockRun` and `act` do. */
export const withRunLock = <T>(run: RunFolder, act: (held: RunLock) => Promise<T>): Promise<T> =>
  withFolderLock(placeOf(run), act);

const placeOf = ({ folder, lock }: RunFolder): LockPlace => ({
  folder,
  lock,
  occupied: `training in ${folder}`,
  taken: 'another one trains there',
  choice: 'wait until it ends, or choose another folder',
});
