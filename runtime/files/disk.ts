/**
 * The calls by which dualc reads and writes files; all of them go through this object, so that a test can put one in its
 * place that fails, as disks do, and see what becomes of every kind of file.
 */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs';

export interface Disk {
  open(path: string, flags: number, mode?: number): number;
  status(descriptor: number): Stats;
  /** How many bytes were read, from `position` of the file on into `into[from…]`; 0 at the end of the file. */
  read(descriptor: number, into: Uint8Array, from: number, length: number, position: number): number;
  /** How many of `bytes[from…]` were written, which may be fewer than `length`. */
  write(descriptor: number, bytes: Uint8Array, from: number, length: number): number;
  truncate(descriptor: number, length: number): void;
  /** Mode and owner. */
  imitate(descriptor: number, like: Stats): void;
  sync(descriptor: number): void;
  close(descriptor: number): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
}

export const disk: Disk = {
  open: (path, flags, mode) => openSync(path, flags, mode),
  status: descriptor => fstatSync(descriptor),
  read: (descriptor, into, from, length, position) => readSync(descriptor, into, from, length, position),
  write: (descriptor, bytes, from, length) => writeSync(descriptor, bytes, from, length),
  truncate: (descriptor, length) => ftruncateSync(descriptor, length),
  imitate(descriptor, { mode, uid, gid }) {
    fchmodSync(descriptor, mode & 0o7777);
    if (process.getuid?.() === 0) fchownSync(descriptor, uid, gid);
  },
  sync: descriptor => fsyncSync(descriptor),
  close: descriptor => closeSync(descriptor),
  rename: (from, to) => renameSync(from, to),
  remove: path => rmSync(path, { recursive: true, force: true }),
};

/** One call reads or writes at most this many bytes: systems and Node have limits below 2 GiB. */
export const chunkBytes: number = 2 ** 26;

/**
 * Reads until `into` is full or the file ends; returns how many bytes were read.
 * @param position where in the file
 */
export function readInto(descriptor: number, into: Uint8Array, position: number): number {
  let done = 0;
  while (done < into.length) {
    const read = disk.read(descriptor, into, done, Math.min(chunkBytes, into.length - done), position + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}

/** Writes all bytes at the descriptor's place; `onProgress` hears how many are written so far. Raises what the system does. */
export function writeAll(descriptor: number, bytes: Uint8Array, onProgress: (written: number) => void): void {
  let done = 0;
  while (done < bytes.length) {
    const written = disk.write(descriptor, bytes, done, Math.min(chunkBytes, bytes.length - done));
    // A system that takes nothing and reports nothing would be asked for ever.
    if (written <= 0) throw Object.assign(new Error('the system wrote nothing'), { code: 'EIO' });
    done += written;
    onProgress(done);
  }
}

/** Whether the file holds these bytes from `position` on; the place of the first that it lacks or has otherwise, or null. */
export function firstDifference(descriptor: number, bytes: Uint8Array, position: number): number | null {
  const held = Buffer.allocUnsafe(Math.min(chunkBytes, bytes.length));
  for (let from = 0; from < bytes.length; from += held.length) {
    const wanted = bytes.subarray(from, from + held.length);
    const read = held.subarray(0, readInto(descriptor, held.subarray(0, wanted.length), position + from));
    if (read.equals(wanted)) continue;
    const at = read.findIndex((byte, index) => byte !== wanted[index]);
    return from + (at < 0 ? read.length : at);
  }
  return null;
}
