/** Files that may be compressed with gzip; the first bytes tell, not the name. */
import { gunzipSync } from 'node:zlib';
import { InputError } from '../errors.ts';
import { fileKinds } from '../files/file-kinds.ts';
import { readWholeFile } from '../files/read-file.ts';

/** All bytes of a file, decompressed when it is gzip. Raises `InputError` when it cannot be read or is corrupt. */
export async function readInflated(file: string): Promise<Uint8Array> {
  return inflated(readWholeFile(file, fileKinds.dataset), file);
}

/**
 * As `readInflated`, from bytes in memory. A gzip file of a kilobyte can hold a megabyte: more than `largest` bytes, by default
 * what an uncompressed file may have, are refused as soon as they are seen.
 */
export function inflated(bytes: Uint8Array, file: string, largest: number = fileKinds.dataset.largest): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: largest });
  } catch (error) {
    throw new InputError(`${file} is not a whole gzip file of ${bytes.length} bytes: ${reason(error, largest)}`, {
      cause: error,
    });
  }
}

function reason(error: unknown, largest: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'Z_BUF_ERROR') return `it is cut short, its data goes on after the last byte`;
  if (code === 'ERR_BUFFER_TOO_LARGE') return `it decompresses to more than ${largest} bytes`;
  return error instanceof Error ? `${error.message}; it is damaged, fetch it again` : String(error);
}
