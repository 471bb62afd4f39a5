/** Files that live beside the repository, in `../shared`, and are no part of it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../shared/', import.meta.url);

export const sharedPath = (name: string): string => fileURLToPath(new URL(name, root));

/** Whether the file is there; when it is not, says so on standard error, so that a skipped test is never silent. */
export function hasShared(name: string): boolean {
  const present = existsSync(sharedPath(name));
  if (!present) process.stderr.write(`skipped: ../shared/${name} is not here\n`);
  return present;
}
