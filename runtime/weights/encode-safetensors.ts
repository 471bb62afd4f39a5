/** The bytes of safetensors files, the same that the reference library writes. */
import { dtypeRules, elementCount, type NamedTensor, printDims } from './named-tensor.ts';

const utf8 = new TextEncoder();

/** The bytes of a safetensors file: widest types first (so every tensor is aligned), equal types by name. */
export function encodeSafetensors(
  tensors: Iterable<NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const order = Object.keys(dtypeRules);
  const sorted = [...tensors]
    .map(tensor => ({ tensor, name: utf8.encode(tensor.name), rank: order.indexOf(tensor.dtype) }))
    .sort((a, b) => b.rank - a.rank || compareBytes(a.name, b.name))
    .map(({ tensor }) => tensor);
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
  const json = utf8.encode(
    `{${header.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`,
  );
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, 8);
  bytes.fill(0x20, 8 + json.length, 8 + padded);
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

/** The order of the bytes, as the reference library sorts names. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
}
