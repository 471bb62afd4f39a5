/** Takes from TensorFlow's wheel, a zip archive of hundreds of megabytes, the few parts that the addon needs. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { EnvironmentError, InputError } from '../../../runtime/errors.ts';
import { makeFolder } from '../../../runtime/files/folders.ts';
import { writeStream } from '../../../runtime/files/write-stream.ts';
import { buildParts } from '../../../runtime/native/native-build.ts';

export interface Unpacked {
  /** The libraries, to link with. */
  readonly libraries: readonly string[];
  /** Folder of headers. */
  readonly headers: string;
}

const library = /^tensorflow\/(libtensorflow(?:_cc|_framework)?\.so\.\d+)$/;
const header =
  /^tensorflow\/include\/((?:(?:tensorflow|tsl)\/c\/(?:[\w-]+\/)*|tensorflow\/core\/platform\/|tsl\/platform\/)[\w-]+\.h)$/;

/**
 * Libraries go to their place in `tree`, headers to `headers`. Calls `onBytes` with how much more is written.
 * @throws EnvironmentError when the archive is damaged, or lacks what is needed; it is removed then, so that it is fetched again
 */
export async function unpackWheel(
  wheel: string,
  tree: string,
  headers: string,
  onBytes: (more: number) => void,
): Promise<Unpacked> {
  const libraries: string[] = [];
  const archive = await openPromise(wheel).catch((error: unknown) => refuse(wheel, error));
  try {
    for await (const entry of archive.eachEntry()) {
      const target = targetOf(entry.fileName, tree, headers);
      if (target === null) continue;
      await makeFolder(path.dirname(target));
      await unpackEntry(archive, entry, target, onBytes);
      if (library.test(entry.fileName)) libraries.push(target);
    }
  } catch (error) {
    return await refuse(wheel, error);
  } finally {
    archive.close();
  }
  if (libraries.length < 2) return refuse(wheel, new Error("it lacks TensorFlow's libraries"));
  return { libraries, headers };
}

/** Null for what is not needed. */
function targetOf(name: string, tree: string, headers: string): string | null {
  const file = library.exec(name)?.[1];
  if (file !== undefined) return path.join(tree, buildParts.libraries, file);
  const included = header.exec(name)?.[1];
  return included === undefined || (included.includes('/platform/') && !included.includes('ctstring'))
    ? null
    : path.join(headers, included);
}

async function unpackEntry(
  archive: ZipFile,
  entry: Entry,
  target: string,
  onBytes: (more: number) => void,
): Promise<void> {
  let sum = 0;
  await writeStream(target, await archive.openReadStreamPromise(entry), chunk => {
    sum = crc32(chunk, sum);
    onBytes(chunk.length);
  });
  if (sum !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is not what it says`);
}

/** What the disk did wrong is not the archive's fault. */
async function refuse(wheel: string, error: unknown): Promise<never> {
  if (error instanceof EnvironmentError || error instanceof InputError) throw error;
  await rm(path.dirname(wheel), { recursive: true, force: true });
  const why = error instanceof Error ? error.message : String(error);
  throw new EnvironmentError(
    `${path.basename(wheel)} is not the archive that it should be: ${why}. It is removed, and fetched again when the same command is run again`,
    { cause: error },
  );
}
