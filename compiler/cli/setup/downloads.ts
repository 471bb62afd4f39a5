/** Downloads that are kept until a setup is done: each in a folder of its own, which gets its name when it is whole. */
import { existsSync, renameSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError } from '../../../runtime/errors.ts';
import { fileKinds } from '../../../runtime/files/file-kinds.ts';
import { filesBelow } from '../../../runtime/files/folders.ts';
import { hashFile } from '../../../runtime/files/hash-file.ts';
import { readText } from '../../../runtime/files/read-file.ts';
import { writeText } from '../write-text.ts';
import { newFolder, type Workplace } from './workplace.ts';

/** Holds the hash of the download beside it. */
const hashName = 'sha256';

/**
 * The file that `fetch` leaves in the folder it is given, which has to be the only one whose name ends so. One that was fetched before,
 * and still has the hash that it had then, is not fetched again.
 */
export async function keepDownload(
  place: Workplace,
  name: string,
  ending: string,
  fetch: (folder: string) => Promise<void>,
): Promise<string> {
  const kept = path.join(place.downloads, name);
  const before = await wholeDownload(kept, ending);
  if (before !== null) return before;
  await rm(kept, { recursive: true, force: true });
  const folder = await newFolder(place, 'fetch');
  await fetch(folder);
  const file = await onlyFile(folder, ending);
  if (file === null) throw new EnvironmentError(`${name} was fetched, and no file …${ending} came of it`);
  await writeText(path.join(folder, hashName), (await hashFile(path.join(folder, file))).sha256);
  renameSync(folder, kept);
  return path.join(kept, file);
}

/** Whether it is there and as it was; for what is still to be fetched. */
export async function wholeDownload(kept: string, ending: string): Promise<string | null> {
  if (!existsSync(path.join(kept, hashName))) return null;
  const file = await onlyFile(kept, ending);
  if (file === null) return null;
  const whole = path.join(kept, file);
  const known = readText(path.join(kept, hashName), fileKinds.runDescription);
  return (await hashFile(whole)).sha256 === known ? whole : null;
}

/** Calls `onBytes` with how much more there is in a folder, while a program fills it. */
export async function watchGrowth<T>(
  folder: string,
  most: number,
  onBytes: (more: number) => void,
  run: () => Promise<T>,
): Promise<T> {
  let seen = 0;
  const reach = (bytes: number): void => {
    if (bytes <= seen) return;
    onBytes(bytes - seen);
    seen = bytes;
  };
  const look = async (): Promise<void> => reach(Math.min(most, await bytesIn(folder)));
  const timer = setInterval(() => void look(), 200);
  try {
    const result = await run();
    reach(most);
    return result;
  } finally {
    clearInterval(timer);
  }
}

/** Bytes of all files; 0 where the folder changes under our eyes. */
export async function bytesIn(folder: string): Promise<number> {
  const files = await filesBelow(folder).catch(() => []);
  return files
    .map(file => statSync(path.join(folder, file), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, bytes) => sum + bytes, 0);
}

async function onlyFile(folder: string, ending: string): Promise<string | null> {
  const [file, ...more] = (await filesBelow(folder)).filter(name => name.endsWith(ending));
  return file === undefined || more.length > 0 ? null : file;
}
