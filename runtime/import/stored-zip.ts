/**
 * Zip archives whose entries are stored, as `torch.save` writes them, read from memory in plain code: so they open in a browser
 * too. The central directory alone says what there is (APPNOTE 6.3.10, section 4.3); sizes beyond 4 GiB are read (zip64).
 */
import { InputError } from '../errors.ts';
import { ByteCursor } from './byte-cursor.ts';
import { crc32 } from './crc32.ts';

export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  readonly packedSize: number;
  readonly crc32: number;
  /** Stored, and not encrypted. */
  readonly isPlain: boolean;
  /** Where its local header begins. */
  readonly headerAt: number;
}

export interface StoredZip {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** Bytes of an entry, not copied, its checksum compared. Raises `InputError` when it is compressed, encrypted or corrupt. */
  bytesOf(entry: ZipEntry): Uint8Array;
}

const signatures = {
  end: 0x0605_4b50,
  end64: 0x0606_4b50,
  locator64: 0x0706_4b50,
  central: 0x0201_4b50,
  local: 0x0403_4b50,
};
const endSize = 22;
const locatorSize = 20;
/** A field of 32 bits that says: see the zip64 field. */
const beyond32 = 0xffff_ffff;
const beyond16 = 0xffff;

/** Raises `InputError` with the byte when the archive is cut short, in parts, or its directory contradicts itself. */
export function openStoredZip(bytes: Uint8Array, file: string): StoredZip {
  const cursor = new ByteCursor(bytes, `${file} is not a whole zip file`);
  const directory = findDirectory(cursor);
  const entries = new Map<string, ZipEntry>();
  cursor.at = directory.at;
  for (let index = 0; index < directory.count; index++) {
    const at = cursor.at;
    const entry = readEntry(cursor);
    if (entries.has(entry.name)) cursor.fail(`the entry ${entry.name} stands twice in it`, at);
    entries.set(entry.name, entry);
  }
  if (cursor.at !== directory.at + directory.size) cursor.fail('its directory has another length than it says');
  return { entries, bytesOf: entry => readBytes(bytes, file, entry) };
}

interface Directory {
  readonly at: number;
  readonly size: number;
  readonly count: number;
}

/** From the record at the very end of the file, behind which only a comment may stand. */
function findDirectory(cursor: ByteCursor): Directory {
  const { bytes } = cursor;
  const endAt = findEnd(cursor);
  cursor.at = endAt + 4;
  const parts = [cursor.uint16(), cursor.uint16()];
  const counts = [cursor.uint16(), cursor.uint16()];
  const [size, at] = [cursor.uint32(), cursor.uint32()];
  const before = endAt - locatorSize;
  const isLarge = before >= 0 && new ByteCursor(bytes, '', before).uint32() === signatures.locator64;
  if (isLarge) return findLargeDirectory(cursor, before);
  if (parts.some(part => part !== 0) || counts[0] !== counts[1]) cursor.fail('it is one of several parts', endAt);
  if (at + size > endAt) cursor.fail('its directory does not lie in it', endAt);
  return { at, size, count: counts[0]! };
}

function findEnd(cursor: ByteCursor): number {
  const { bytes } = cursor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const last = bytes.length - endSize;
  for (let at = last; at >= Math.max(0, last - beyond16); at--) {
    if (view.getUint32(at, true) === signatures.end && at + endSize + view.getUint16(at + 20, true) === bytes.length)
      return at;
  }
  return cursor.fail(`the record of its end is missing from its ${bytes.length} bytes`, bytes.length);
}

function findLargeDirectory(cursor: ByteCursor, locatorAt: number): Directory {
  cursor.at = locatorAt + 4;
  const part = cursor.uint32();
  const endAt = cursor.uint64();
  if (part !== 0 || cursor.uint32() > 1) cursor.fail('it is one of several parts', locatorAt);
  if (!(endAt + 56 <= locatorAt)) cursor.fail('its zip64 record does not lie in it', locatorAt);
  cursor.at = endAt;
  if (cursor.uint32() !== signatures.end64) cursor.fail('its zip64 record is missing', endAt);
  // Its own size, two versions, two numbers of parts.
  cursor.take(8 + 4 + 8);
  const counts = [cursor.uint64(), cursor.uint64()];
  const [size, at] = [cursor.uint64(), cursor.uint64()];
  if (counts[0] !== counts[1]) cursor.fail('it is one of several parts', endAt);
  if (!(at + size <= endAt)) cursor.fail('its directory does not lie in it', endAt);
  return { at, size, count: counts[0]! };
}

/** One entry of the central directory. */
function readEntry(cursor: ByteCursor): ZipEntry {
  const from = cursor.at;
  if (cursor.uint32() !== signatures.central) cursor.fail('an entry of its directory is missing', from);
  cursor.take(4);
  const flags = cursor.uint16();
  const method = cursor.uint16();
  cursor.take(4);
  const sum = cursor.uint32();
  const packed = cursor.uint32();
  const unpacked = cursor.uint32();
  const lengths = { name: cursor.uint16(), extra: cursor.uint16(), comment: cursor.uint16() };
  cursor.take(2 + 2 + 4);
  const header = cursor.uint32();
  const name = cursor.text(lengths.name);
  const extra = new ByteCursor(cursor.take(lengths.extra), cursor.label);
  cursor.take(lengths.comment);
  const large = largeFields(extra);
  const wide = (value: number): number => (value === beyond32 && large !== null ? large.uint64() : value);
  // The zip64 field holds those that do not fit, in this order.
  const [size, packedSize, headerAt] = [wide(unpacked), wide(packed), wide(header)];
  return { name, size, packedSize, crc32: sum, isPlain: method === 0 && (flags & 1) === 0, headerAt };
}

/** The zip64 field among an entry's extra fields. */
function largeFields(extra: ByteCursor): ByteCursor | null {
  while (extra.left >= 4) {
    const kind = extra.uint16();
    const field = extra.take(extra.uint16());
    if (kind === 1) return new ByteCursor(field, extra.label);
  }
  return null;
}

function readBytes(bytes: Uint8Array, file: string, entry: ZipEntry): Uint8Array {
  const { name, size, headerAt } = entry;
  if (!entry.isPlain) {
    throw new InputError(
      `${file}: entry ${name} is compressed or encrypted, which torch.save never does; pack the archive anew without`,
    );
  }
  const cursor = new ByteCursor(bytes, `${file}: entry ${name} cannot be read`);
  if (!(headerAt + 30 <= bytes.length)) cursor.fail('it does not lie in the file', headerAt);
  cursor.at = headerAt;
  if (cursor.uint32() !== signatures.local) cursor.fail('its header is missing', headerAt);
  cursor.take(22);
  const lengths = { name: cursor.uint16(), extra: cursor.uint16() };
  if (cursor.text(lengths.name) !== name) cursor.fail('its header has another name', headerAt);
  cursor.take(lengths.extra);
  if (entry.packedSize !== size) cursor.fail(`it is stored, and has ${entry.packedSize} bytes for ${size}`, headerAt);
  const data = cursor.take(size);
  const sum = crc32(data);
  if (sum === entry.crc32) return data;
  throw new InputError(
    `${file}: entry ${name} is corrupt: its CRC-32 is ${hex(sum)} instead of ${hex(entry.crc32)} ` +
      `(local header at byte ${headerAt})`,
  );
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');
