/** How much room a file system has left. */
import { statfsSync } from 'node:fs';

/** Bytes that this user may still write where the folder lies; null where the system does not say. */
export function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
