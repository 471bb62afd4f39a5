/** Parts of rows, side by side. */
import * as tf from '@tensorflow/tfjs-core';
import { copiesHere, joinedHere, runCopy } from './host-copies.ts';

/** `[rows, …own size]` each `→ [rows, sizes together]`. The caller disposes the tensor. */
export function sideBySide(parts: readonly tf.Tensor[]): tf.Tensor {
  if (parts.length === 1) return tf.reshape(parts[0]!, parts[0]!.shape);
  if (!copiesHere()) return tf.concat([...parts], 1);
  const rows = parts[0]!.shape[0]!;
  const sizes = parts.map(part => part.shape[1]!);
  const width = sizes.reduce((sum, size) => sum + size, 0);
  return joinedHere(parts, [rows, width], (from, to) => {
    let start = 0;
    for (const [at, size] of sizes.entries()) {
      const copy = runCopy(from[at]!, to);
      for (let row = 0; row < rows; row++) copy(row * size, row * width + start, size);
      start += size;
    }
  });
}
