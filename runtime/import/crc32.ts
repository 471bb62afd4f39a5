/** The checksum of zip archives (ISO 3309; polynomial 0xEDB88320, bits reversed). In plain code: Node alone has it built in. */

/** `tables[k][b]` is the remainder of byte `b` followed by `k` zero bytes: four bytes are then taken in one step. */
const tables = remainders();

export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = tables;
  let sum = 0xffff_ffff;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    sum ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    sum = t3[sum & 0xff]! ^ t2[(sum >>> 8) & 0xff]! ^ t1[(sum >>> 16) & 0xff]! ^ t0[sum >>> 24]!;
  }
  for (; at < bytes.length; at++) sum = (sum >>> 8) ^ t0[(sum ^ bytes[at]!) & 0xff]!;
  return ~sum >>> 0;
}

function remainders(): readonly [Int32Array, Int32Array, Int32Array, Int32Array] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb8_8320 : rest >>> 1;
    return rest;
  });
  const next = (table: Int32Array): Int32Array => table.map(rest => (rest >>> 8) ^ first[rest & 0xff]!);
  const second = next(first);
  const third = next(second);
  return [first, second, third, next(third)];
}
