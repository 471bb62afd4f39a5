/**
 * The older format of `torch.save` (before version 1.6, and with `_use_new_zipfile_serialization=False`): five pickles
 * (magic number, protocol, system, value, keys of the storages), then each storage: a 64-bit count and its elements.
 */
import { InputError } from '../errors.ts';
import { ByteCursor } from './byte-cursor.ts';
import { isMap } from './pickle-value.ts';
import { readPickle } from './read-pickle.ts';
import { storageBytes, type TorchFile } from './torch-file.ts';

const magic = 0x1950a86a20f9469cfc6cn;
const protocol = 1001;

/** Opens a checkpoint. Raises `InputError` with the byte when it is cut short, corrupt, or asks for what is not weights. */
export function openTorchLegacy(bytes: Uint8Array, file: string): TorchFile {
  const cursor = new ByteCursor(bytes, file);
  if (readPickle(cursor).value !== magic) cursor.fail("a pickle that does not begin with torch.save's magic number", 0);
  const version = readPickle(cursor).value;
  if (version !== protocol) cursor.fail(`format ${String(version)} of torch.save; ${protocol} is read`);
  const system = readPickle(cursor).value;
  if (!isMap(system) || system.get('little_endian') !== true) cursor.fail('its numbers are not little-endian');
  const { value, storages } = readPickle(cursor);
  const keys = readPickle(cursor).value;
  if (!Array.isArray(keys)) return cursor.fail('it has no list of storages');

  const data = new Map<string, Uint8Array>();
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined) return cursor.fail(`a storage ${String(key)} that no tensor lies in`);
    const at = cursor.at;
    const count = cursor.uint64();
    if (count !== storage.count) cursor.fail(`a storage of ${count} elements that should have ${storage.count}`, at);
    if (data.has(storage.key)) cursor.fail(`storage ${storage.key} stands twice in it`, at);
    data.set(storage.key, cursor.take(storageBytes(storage)));
  }
  if (cursor.left > 0) cursor.fail(`${cursor.left} bytes follow the last storage`);
  return {
    format: 'PyTorch (older stream)',
    value,
    bytesOf: async ({ key }) => {
      const found = data.get(key);
      if (found === undefined) throw new InputError(`${file}: storage ${key}, which a tensor lies in, is missing`);
      return found;
    },
  };
}
