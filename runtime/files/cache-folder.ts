/** Where dualc keeps what a user would otherwise fetch again: one folder for all projects. */
import os from 'node:os';
import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `$XDG_CACHE_HOME/dualc`, or `~/.cache/dualc`. */
export function cacheFolder(env: Environment): string {
  return path.join(env.XDG_CACHE_HOME || path.join(env.HOME || os.homedir(), '.cache'), 'dualc');
}
