/** A file of JSON lines that grows while a run lasts. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { writeFailure } from '../checkpoint/write-file.ts';

export interface MetricsLog {
  /** Appends one line. */
  write(entry: Readonly<Record<string, unknown>>): void;
  /** Flushes to the disk; returns the length in bytes, for a later run to go on from. */
  flush(): number;
  close(): void;
}

/**
 * Opens a log at a length in bytes: what lies beyond was written after the checkpoint that a run resumes from and is cut
 * off. Raises `EnvironmentError` or `InputError` when the file cannot be written.
 */
export function openMetricsLog(file: string, length: number): MetricsLog {
  const guarded = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw writeFailure(file, error);
    }
  };
  const descriptor = guarded(() => openSync(file, 'a'));
  guarded(() => {
    if (fstatSync(descriptor).size > length) ftruncateSync(descriptor, length);
  });
  return {
    write: entry => guarded(() => writeSync(descriptor, `${JSON.stringify(entry)}\n`)),
    flush: () =>
      guarded(() => {
        fsyncSync(descriptor);
        return fstatSync(descriptor).size;
      }),
    close: () => closeSync(descriptor),
  };
}
