/** A disk that fails, in the ways disks do, for the files whose temporary or own name begins with one of the given paths. */
import { vi } from 'vitest';
import { type Disk, disk } from '../../runtime/files/disk.ts';

export interface Fault {
  /** Whether the write may go through all the same. */
  readonly harmless?: true;
  readonly write?: (real: Disk['write'], at: number, ...call: Parameters<Disk['write']>) => number;
  readonly sync?: () => void;
  readonly rename?: () => void;
}

export const failure = (code: string): Error => Object.assign(new Error(`the disk says ${code}`), { code });

/** Writes up to byte `limit` of a file, then raises. */
const failAt =
  (limit: number, code: string): NonNullable<Fault['write']> =>
  (real, at, descriptor, bytes, from, length) => {
    const room = Math.min(length, limit - at);
    if (room <= 0) throw failure(code);
    return real(descriptor, bytes, from, room);
  };

/** `limit` is a byte inside of the files that are to be written. */
export const faults = (limit: number): Readonly<Record<string, Fault>> => ({
  'is full': { write: failAt(limit, 'ENOSPC') },
  'is full from the first byte on': { write: failAt(0, 'ENOSPC') },
  'is over the quota': { write: failAt(limit, 'EDQUOT') },
  'fails in the middle': { write: failAt(limit, 'EIO') },
  'takes nothing and says nothing': {
    write: (real, at, descriptor, bytes, from, length) =>
      at >= limit ? 0 : real(descriptor, bytes, from, Math.min(length, limit - at)),
  },
  'claims to have written what it has not': {
    write: (real, at, descriptor, bytes, from, length) => {
      if (at < limit) real(descriptor, bytes, from, Math.min(length, limit - at));
      return length;
    },
  },
  'holds another byte than it was given': {
    write: (real, at, descriptor, bytes, from, length) => {
      const spoilt = Uint8Array.from(bytes.subarray(from, from + length));
      if (at <= limit && limit < at + length) spoilt[limit - at]! ^= 1;
      return real(descriptor, spoilt, 0, length);
    },
  },
  'fails when it is flushed': {
    sync: () => {
      throw failure('EIO');
    },
  },
  'has no room for the new name': {
    rename: () => {
      throw failure('ENOSPC');
    },
  },
  'writes a few bytes at a time': {
    harmless: true,
    write: (real, _, descriptor, bytes, from, length) => real(descriptor, bytes, from, Math.min(length, 7)),
  },
});

/** Until `vi.restoreAllMocks`. `isMeant` is asked for the path that was opened, or is renamed. */
export function breakDisk(fault: Fault, isMeant: (path: string) => boolean = () => true): void {
  const real = { ...disk };
  const written = new Map<number, number>();
  vi.spyOn(disk, 'open').mockImplementation((path, ...rest) => {
    const descriptor = real.open(path, ...rest);
    if (isMeant(path)) written.set(descriptor, 0);
    else written.delete(descriptor);
    return descriptor;
  });
  vi.spyOn(disk, 'write').mockImplementation((descriptor, bytes, from, length) => {
    const at = written.get(descriptor);
    if (at === undefined || fault.write === undefined) return real.write(descriptor, bytes, from, length);
    const count = fault.write(real.write, at, descriptor, bytes, from, length);
    written.set(descriptor, at + count);
    return count;
  });
  vi.spyOn(disk, 'sync').mockImplementation(descriptor => {
    if (written.has(descriptor) && fault.sync !== undefined) fault.sync();
    else real.sync(descriptor);
  });
  vi.spyOn(disk, 'rename').mockImplementation((from, to) => {
    if (isMeant(to) && fault.rename !== undefined) fault.rename();
    else real.rename(from, to);
  });
}
