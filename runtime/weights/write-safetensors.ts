/** Writes safetensors files, byte for byte as the reference library does. */
import { writeWholeFile } from '../files/write-file.ts';
import { dtypeRules, elementCount, type NamedTensor, printDims } from './named-tensor.ts';

/**
 * Writes tensors and metadata to a file, whole or not at all. The same tensors give the same bytes in whatever order they
 * come. Raises `InputError` when the place cannot be written to, `EnvironmentError` when the disk is full.
 */
export async function writeSafetensors(
  file: string,
  tensors: Iterable<NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeWholeFile(file, encodeSafetensors(tensors, metadata));
}

/** The bytes of a safetensors file: widest types first (so every tensor is aligned), equal types by name. */
export function encodeSafetensors(
  tensors: Iterable<NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const order = Object.keys(dtypeRules);
  const sorted = [...tensors].sort(
    (a, b) =>
      order.indexOf(b.dtype) - order.indexOf(a.dtype) || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
  );
  const header: [string, unknown][] = [];
  const notes = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (notes.length > 0) header.push(['__metadata__', Object.fromEntries(notes)]);
  let end = 0;
  for (const tensor of sorted) {
    const begin = end;
    end += byteCount(tensor);
    header.push([tensor.name, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, end] }]);
  }
  return assemble(header, sorted, end);
}

function assemble(header: readonly [string, unknown][], sorted: readonly NamedTensor[], dataBytes: number): Uint8Array {
  // Joined by hand: an object would move names that look like numbers to the front.
  const json = Buffer.from(
    `{${header.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`,
  );
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(8 + padded + dataBytes, 0x20);
  bytes.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(bytes, 8);
  let at = 8 + padded;
  for (const { data } of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function byteCount({ name, dtype, shape, data }: NamedTensor): number {
  const needed = elementCount(shape) * dtypeRules[dtype].bytes;
  if (needed !== data.byteLength) {
    throw new RangeError(`tensor ${name}: ${printDims(shape)} of ${dtype} is ${needed} bytes, not ${data.byteLength}`);
  }
  return needed;
}
