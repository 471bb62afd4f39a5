/** A file system of a few hundred kilobytes, where this process may mount one (Linux, as root). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallFileSystem {
  readonly folder: string;
  resize(kilobytes: number): void;
  remove(): void;
}

/** Null where none can be mounted. */
export function mountSmall(kilobytes: number): SmallFileSystem | null {
  const folder = mkdtempSync(join(tmpdir(), 'dualc-small-'));
  const run = (command: string, ...args: string[]): void =>
    void execFileSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder);
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    folder,
    resize: size => run('mount', '-o', `remount,size=${size}k`, folder),
    remove() {
      run('umount', folder);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Asked once, so that tests can be skipped by name. */
export const canMount: boolean = (() => {
  const tried = mountSmall(64);
  tried?.remove();
  return tried !== null;
})();
