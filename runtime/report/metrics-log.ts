/** A file of JSON lines that grows while a run lasts. A line is in it whole or not at all. */
import { constants, statSync } from 'node:fs';
import { EnvironmentError } from '../errors.ts';
import { disk, firstDifference, readInto, writeAll } from '../files/disk.ts';
import { specialKind } from '../files/read-file.ts';
import { writeFailure } from '../files/write-failure.ts';

export interface MetricsLog {
  /** Bytes that the file should have had when it was opened and did not. */
  readonly lost: number;
  /** Appends one line. Raises `EnvironmentError`, and takes back what was written of it, when it cannot be written whole. */
  write(entry: Readonly<Record<string, unknown>>): void;
  /**
   * Flushes to the disk and reads back; returns the length in bytes, for a later run to go on from. Raises `EnvironmentError` when the
   * file does not hold what was written to it.
   */
  flush(): number;
  close(): void;
}

const flags = constants.O_CREAT | constants.O_APPEND | constants.O_RDWR | (constants.O_NOCTTY ?? 0);

/**
 * Opens a log at a length in bytes: what lies beyond was written after the checkpoint that a run resumes from and is cut
 * off. Of a file that is shorter the whole lines are kept. Raises `EnvironmentError` or `InputError` when the file cannot be written.
 */
export function openMetricsLog(file: string, length: number): MetricsLog {
  const guarded = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw writeFailure(file, error);
    }
  };
  const descriptor = guarded(() => openRegular(file));
  /** What the file has when every write did what it said. */
  let size = guarded(() => cutBack(descriptor, length));
  const lost = length - size;
  let unchecked: Uint8Array[] = [];
  return {
    lost,
    write(entry) {
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      let missing = line.length;
      try {
        writeAll(descriptor, line, written => {
          missing = line.length - written;
        });
      } catch (error) {
        takeBack(descriptor, size);
        throw writeFailure(file, error, { missing, total: line.length });
      }
      size += line.length;
      unchecked.push(line);
    },
    flush() {
      guarded(() => {
        disk.sync(descriptor);
        const held = disk.status(descriptor).size;
        if (held !== size) throw new EnvironmentError(describeSize(file, held, size));
        const written = Buffer.concat(unchecked);
        const at = firstDifference(descriptor, written, size - written.length);
        if (at !== null) {
          const byte = size - written.length + at;
          throw new EnvironmentError(`${file} does not hold what was written to it, from byte ${byte} of ${size} on`);
        }
      });
      unchecked = [];
      return size;
    },
    close: () => disk.close(descriptor),
  };
}

function openRegular(file: string): number {
  const before = statSync(file, { throwIfNoEntry: false });
  const special = before === undefined || before.isDirectory() ? null : specialKind(before);
  if (special !== null) throw Object.assign(new Error(special), { code: 'ESPECIAL' });
  return disk.open(file, flags, 0o666);
}

/** Cuts off what lies beyond the length, and a line that was torn before it; returns what is left. */
function cutBack(descriptor: number, length: number): number {
  const { size } = disk.status(descriptor);
  const kept = size >= length ? length : endOfLastLine(descriptor, size);
  if (size > kept) disk.truncate(descriptor, kept);
  return kept;
}

function endOfLastLine(descriptor: number, size: number): number {
  // Lines have some hundred bytes.
  const tail = Buffer.alloc(Math.min(size, 2 ** 16));
  const begin = size - tail.length;
  const end = tail.subarray(0, readInto(descriptor, tail, begin)).lastIndexOf('\n') + 1;
  return end === 0 ? 0 : begin + end;
}

function takeBack(descriptor: number, size: number): void {
  try {
    disk.truncate(descriptor, size);
  } catch {
    // The next run cuts it off; what went wrong first is what the user should hear of.
  }
}

const describeSize = (file: string, held: number, size: number): string =>
  held < size
    ? `${size - held} of the ${size} bytes written to ${file} are missing`
    : `${file} has ${held - size} bytes more than were written to it: something else writes there, too`;
