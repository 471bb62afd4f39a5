/**
 * Standard output that was sent to a file. Node makes one call of the system and does not look at how many bytes it wrote, so that a
 * report on a full disk would end in the middle, with exit code 0.
 */
import { fstatSync } from 'node:fs';
import { EnvironmentError } from '../../runtime/errors.ts';
import { disk, writeAll } from '../../runtime/files/disk.ts';
import { writeFailure } from '../../runtime/files/write-failure.ts';

const name = 'standard output';
const descriptor = 1;

/** From now on, what goes to standard output is written whole or raises `EnvironmentError`. Pipes and terminals stay as they are. */
export function writeOutputWhole(stream: NodeJS.WriteStream = process.stdout): void {
  const status = fstatSync(descriptor);
  if (stream.isTTY || !(status.isFile() || status.isCharacterDevice())) return;
  stream.write = (chunk: string | Uint8Array): boolean => {
    writeOutput(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, status.isFile());
    return true;
  };
}

function writeOutput(bytes: Uint8Array, isFile: boolean): void {
  let missing = bytes.length;
  try {
    writeAll(descriptor, bytes, written => {
      missing = bytes.length - written;
    });
    if (isFile) disk.sync(descriptor);
  } catch (error) {
    throw outputFailure(error, { missing, total: bytes.length });
  }
}

/** Whatever it is, it is not the fault of the input. */
export function outputFailure(error: unknown, written?: { missing: number; total: number }): EnvironmentError {
  return new EnvironmentError(writeFailure(name, error, written).message, { cause: error });
}
