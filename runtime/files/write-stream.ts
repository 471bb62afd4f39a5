/** Files that are too large to be held in memory, written as they come. Not whole or not at all: for folders that are thrown away. */
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeFailure } from './write-failure.ts';

/** Writes a new file; `onChunk` sees every part of it before. Raises as `writeWholeFile` does, and whatever the source or `onChunk` raises. */
export async function writeStream(file: string, source: Readable, onChunk: (chunk: Buffer) => void): Promise<void> {
  const sink = createWriteStream(file, { flags: 'wx', flush: true, highWaterMark: 2 ** 20 });
  let failure: unknown = null;
  sink.on('error', error => {
    failure = error;
  });
  try {
    await pipeline(
      source,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          onChunk(chunk);
          yield chunk;
        }
      },
      sink,
    );
  } catch (error) {
    // What the source raises destroys the file's stream with the same error.
    throw error === failure && isOfSystem(error) ? writeFailure(file, error) : error;
  }
}

const isOfSystem = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && ['open', 'write', 'fsync', 'close'].includes(String(error.syscall));
