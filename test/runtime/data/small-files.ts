/** Small datasets as bytes, in the formats of real ones. */

/** `type` 8 is unsigned bytes. */
export function idx(shape: readonly number[], data: Uint8Array, type = 8): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = type;
  header[3] = shape.length;
  for (const [axis, dim] of shape.entries()) header.writeUInt32BE(dim, 4 + 4 * axis);
  return Buffer.concat([header, data]);
}

export const bytes = (length: number, of: (at: number) => number = at => at % 251): Buffer =>
  Buffer.from(Array.from({ length }, (_, at) => of(at)));

/** Records of CIFAR-10: entry `at` of plane `c` of image `n` is `n + 10 c + at mod 200`. */
export function cifar(labels: readonly number[]): Buffer {
  const record = (label: number, n: number): Buffer =>
    Buffer.concat([Buffer.from([label]), bytes(3072, at => n + 10 * Math.floor(at / 1024) + ((at % 1024) % 200))]);
  return Buffer.concat(labels.map(record));
}
