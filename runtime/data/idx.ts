/** IDX, the format of MNIST: bytes `0 0 type rank`, big-endian 32-bit sizes, then the elements (yann.lecun.com/exdb/mnist). */
import { InputError } from '../errors.ts';

/** The only element type that the image sets in this format use. */
const unsignedByte = 0x08;

const typeNames: Readonly<Record<number, string>> = {
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: '32-bit floats',
  14: '64-bit floats',
};

export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
  /** Where the data starts in the (decompressed) file. */
  readonly dataStart: number;
}

/**
 * Reads an array of unsigned bytes whose rank is one of `ranks`. The result shares memory with `bytes`, so a header that
 * claims too much costs nothing. Raises `InputError` with the byte at fault.
 */
export function parseIdx(bytes: Uint8Array, file: string, ranks: readonly number[]): IdxArray {
  const fail = (byte: number, what: string): never => {
    throw new InputError(`${file} is not a whole IDX file: ${what} (byte ${byte})`);
  };
  if (bytes.length < 4) return fail(bytes.length, `it ends after ${bytes.length} bytes, inside its first four`);
  const [zero, zeroToo, type, rank] = bytes as unknown as [number, number, number, number];
  if (zero !== 0 || zeroToo !== 0) {
    return fail(0, `it begins with ${hex(zero)} ${hex(zeroToo)}, and an IDX file with 00 00`);
  }
  if (type !== unsignedByte) {
    return fail(
      2,
      `it holds ${typeNames[type] ?? `elements of unknown type ${hex(type)}`}, and only unsigned bytes (08) are read`,
    );
  }
  if (!ranks.includes(rank)) return fail(3, `it has ${rank} dimensions instead of ${ranks.join(' or ')}`);
  const dataStart = 4 + 4 * rank;
  if (bytes.length < dataStart) return fail(bytes.length, `it ends inside its ${rank} dimensions`);
  const header = new DataView(bytes.buffer, bytes.byteOffset, dataStart);
  const shape = Array.from({ length: rank }, (_, axis) => header.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, dim) => product * dim, 1);
  const held = bytes.length - dataStart;
  const claim = `its header claims [${shape.join(', ')}], ${size} bytes,`;
  if (held < size) return fail(bytes.length, `${claim} and ${held} follow`);
  if (held > size) return fail(dataStart + size, `${claim} and ${held - size} more follow`);
  return { shape, data: bytes.subarray(dataStart), dataStart };
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
