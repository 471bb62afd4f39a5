/** The zip format of `torch.save` (its default since version 1.6): `NAME/data.pkl`, `NAME/byteorder`, and `NAME/data/KEY` for each storage. */
import { InputError } from '../errors.ts';
import { ByteCursor } from './byte-cursor.ts';
import { latin1 } from './latin1.ts';
import { readPickle } from './read-pickle.ts';
import { openStoredZip } from './stored-zip.ts';
import { storageBytes, type TorchFile } from './torch-file.ts';

/** Opens a checkpoint. Raises `InputError` when the archive or its pickle is cut short, corrupt, or asks for what is not weights. */
export function openTorchZip(bytes: Uint8Array, file: string): TorchFile {
  const archive = openStoredZip(bytes, file);
  const pickles = [...archive.entries.keys()].filter(name => /^[^/]+\/data\.pkl$/.test(name));
  const [pickleName] = pickles;
  if (pickleName === undefined || pickles.length > 1) {
    throw new InputError(
      `${file}: a zip file with ${pickles.length} entries NAME/data.pkl instead of one: not from torch.save`,
    );
  }
  const folder = pickleName.slice(0, -'data.pkl'.length);
  const byteOrder = archive.entries.get(`${folder}byteorder`);
  if (byteOrder !== undefined && latin1(archive.bytesOf(byteOrder)) !== 'little') {
    throw new InputError(`${file}: its numbers are not little-endian; save it anew on a little-endian machine`);
  }
  const cursor = new ByteCursor(archive.bytesOf(archive.entries.get(pickleName)!), `${file}, entry ${pickleName}`);
  const { value } = readPickle(cursor);
  return {
    format: 'PyTorch (zip)',
    value,
    bytesOf: async storage => {
      const name = `${folder}data/${storage.key}`;
      const entry = archive.entries.get(name);
      if (entry === undefined) throw new InputError(`${file}: entry ${name}, which a tensor lies in, is missing`);
      if (entry.size !== storageBytes(storage)) {
        throw new InputError(
          `${file}: entry ${name} has ${entry.size} bytes, and ${storage.count} elements of ` +
            `${storage.dtype} need ${storageBytes(storage)}`,
        );
      }
      return archive.bytesOf(entry);
    },
  };
}
