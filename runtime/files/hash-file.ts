/** The SHA-256 of files that are too large to be held in memory. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { EnvironmentError } from '../errors.ts';

export interface FileHash {
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** Raises `EnvironmentError` when the file cannot be read. */
export async function hashFile(file: string): Promise<FileHash> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), async chunks => {
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        hash.update(chunk);
      }
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(`${file} could not be read: ${why}`, { cause: error });
  }
  return { bytes, sha256: hash.digest('hex') };
}
