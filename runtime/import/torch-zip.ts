/** The zip format of `torch.save` (its default since version 1.6): `NAME/data.pkl`, `NAME/byteorder`, and `NAME/data/KEY` for each storage. */
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { InputError } from '../errors.ts';
import { ByteCursor } from './byte-cursor.ts';
import { readPickle } from './read-pickle.ts';
import { storageBytes, type TorchFile } from './torch-file.ts';

interface Archive {
  readonly file: string;
  readonly zip: ZipFile;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** Opens a checkpoint. Raises `InputError` when the archive or its pickle is cut short, corrupt, or asks for what is not weights. */
export async function openTorchZip(bytes: Uint8Array, file: string): Promise<TorchFile> {
  const archive = await openArchive(bytes, file);
  const pickles = [...archive.entries.keys()].filter(name => /^[^/]+\/data\.pkl$/.test(name));
  const [pickleName] = pickles;
  if (pickleName === undefined || pickles.length > 1) {
    throw new InputError(
      `${file}: a zip file with ${pickles.length} entries NAME/data.pkl instead of one: not from torch.save`,
    );
  }
  const folder = pickleName.slice(0, -'data.pkl'.length);
  const byteOrder = archive.entries.get(`${folder}byteorder`);
  if (byteOrder !== undefined && (await readEntry(archive, byteOrder)).toString('latin1') !== 'little') {
    throw new InputError(`${file}: its numbers are not little-endian; save it anew on a little-endian machine`);
  }
  const cursor = new ByteCursor(
    await readEntry(archive, archive.entries.get(pickleName)!),
    `${file}, entry ${pickleName}`,
  );
  const { value } = readPickle(cursor);
  return {
    format: 'PyTorch (zip)',
    value,
    bytesOf: async storage => {
      const name = `${folder}data/${storage.key}`;
      const entry = archive.entries.get(name);
      if (entry === undefined) throw new InputError(`${file}: entry ${name}, which a tensor lies in, is missing`);
      if (entry.uncompressedSize !== storageBytes(storage)) {
        throw new InputError(
          `${file}: entry ${name} has ${entry.uncompressedSize} bytes, and ${storage.count} elements of ` +
            `${storage.dtype} need ${storageBytes(storage)}`,
        );
      }
      return readEntry(archive, entry);
    },
  };
}

async function openArchive(bytes: Uint8Array, file: string): Promise<Archive> {
  const entries = new Map<string, Entry>();
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    for await (const entry of zip.eachEntry()) {
      if (entries.has(entry.fileName)) throw new Error(`the entry ${entry.fileName} stands twice in it`);
      entries.set(entry.fileName, entry);
    }
    return { file, zip, entries };
  } catch (error) {
    throw new InputError(`${file} is not a whole zip file: ${messageOf(error)} (${bytes.length} bytes)`, {
      cause: error,
    });
  }
}

/** The entry's bytes, with the checksum that yauzl leaves unchecked. Stored entries only: what is read is never larger than the file. */
async function readEntry({ file, zip }: Archive, entry: Entry): Promise<Buffer> {
  const name = entry.fileName;
  if (entry.compressionMethod !== 0) {
    throw new InputError(
      `${file}: entry ${name} is compressed or encrypted, which torch.save never does; pack the archive anew without`,
    );
  }
  let data: Buffer;
  try {
    data = await buffer(await zip.openReadStreamPromise(entry));
  } catch (error) {
    throw new InputError(`${file}: entry ${name} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const sum = crc32(data);
  if (sum === entry.crc32) return data;
  throw new InputError(
    `${file}: entry ${name} is corrupt: its CRC-32 is ${hex(sum)} instead of ${hex(entry.crc32)} ` +
      `(local header at byte ${entry.relativeOffsetOfLocalHeader})`,
  );
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
