/** Which examples exactly: a SHA-256, in hexadecimal digits, of what is in memory, little-endian. */
import { createHash } from 'node:crypto';
import type { Examples } from '../train/batches.ts';
import type { Dataset } from './dataset.ts';

/** Of float32 values, then int32 labels. */
export const hashExamples = ({ values, labels }: Examples): string => hashOf([values, labels]);

/** Of images as they are kept, then int32 labels. */
export const hashDataset = ({ images, labels }: Dataset): string => hashOf([images, labels]);

function hashOf(parts: readonly (Uint8Array | Float32Array | Int32Array)[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of parts) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
