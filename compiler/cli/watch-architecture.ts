/**
 * Compiles again whenever the architecture or a file that it imports changes; a file with errors leaves the last good
 * module in place.
 */
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvironmentError } from '../../runtime/errors.ts';
import { openFile } from '../1-frontend/open-file.ts';
import { type CompileRequest, compileToFiles } from './compile-to-files.ts';
import { reportError } from './report-error.ts';

/** Editors write a file in several steps: wait this long, in milliseconds, for them to finish. */
const settleTime = 100;

/** Ends when `signal` does, or never. */
export async function watchArchitecture(request: CompileRequest, signal?: AbortSignal): Promise<void> {
  while (signal?.aborted !== true) {
    const files = watchFiles();
    try {
      // A file is watched before it is read, so that no change falls between the two.
      const open = (path: string) => {
        files.add(path);
        return openFile(path);
      };
      await compileToFiles(request, { open });
    } catch (error) {
      if (error instanceof EnvironmentError) throw error;
      await reportError(error, { debug: false });
    }
    await files.changed(signal);
    files.close();
    await new Promise(resolve => setTimeout(resolve, settleTime));
  }
}

interface WatchedFiles {
  /** The file need not exist: its appearance is a change, and so is that of the folder it would lie in. */
  add(path: string): void;
  changed(signal: AbortSignal | undefined): Promise<void>;
  close(): void;
}

/** Folders are watched rather than files: many editors replace a file by a new one, which ends a watch on the old one. */
function watchFiles(): WatchedFiles {
  const paths = new Set<string>();
  const folders = new Map<string, FSWatcher>();
  let notice = (): void => {};
  const firstChange = new Promise<void>(resolve => {
    notice = resolve;
  });
  const add = (path: string): void => {
    const folder = dirname(path);
    paths.add(path);
    if (folders.has(folder) || folder === path) return;
    if (existsSync(folder))
      folders.set(
        folder,
        watchFolder(folder, path => paths.has(path) && notice()),
      );
    else add(folder);
  };
  return {
    add,
    changed(signal) {
      if (signal?.aborted === true) notice();
      signal?.addEventListener('abort', notice, { once: true });
      return firstChange;
    },
    close() {
      for (const watcher of folders.values()) watcher.close();
    },
  };
}

function watchFolder(folder: string, onChange: (path: string) => void): FSWatcher {
  try {
    return watch(folder, (_, name) => {
      if (name !== null) onChange(join(folder, name));
    });
  } catch (error) {
    throw new EnvironmentError(`cannot watch ${folder}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
