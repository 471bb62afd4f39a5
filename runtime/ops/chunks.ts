/** Chunk loops: work over many rows (one for each output or neuron that is bounded), a few rows at a time, so that memory stays small. */
import * as tf from '@tensorflow/tfjs-core';
import { unitVectors } from './one-hot.ts';

/** Rows `start … start + size − 1` of the identity matrix of `rows`, each reshaped to `shape`: `[size, …shape]`. */
export function unitRows(start: number, size: number, rows: number, shape: readonly number[]): tf.Tensor {
  return tf.tidy(() => tf.reshape(unitVectors(tf.range(start, start + size, 1, 'int32'), rows), [size, ...shape]));
}

/** `compute(start)`, `[batch, size]`, for `start = 0, size, … rows − size`, joined along axis 1: `[batch, rows]`. */
export function chunkedRows(rows: number, size: number, compute: (start: number) => tf.Tensor): tf.Tensor {
  return tf.tidy(() =>
    tf.concat(
      startsOf(rows, size).map(start => tf.tidy(() => compute(start))),
      1,
    ),
  );
}

/** The same for several results of each chunk: each joined. */
export function chunkedResults<Parts extends [tf.Tensor, ...tf.Tensor[]]>(
  rows: number,
  size: number,
  compute: (start: number) => Parts,
): Parts {
  return joined(startsOf(rows, size).map(start => tf.tidy(() => compute(start).map(own)))) as Parts;
}

/** A result may be a tensor of the caller's, which is not ours to dispose. */
const own = (part: tf.Tensor): tf.Tensor => tf.clone(part);

/** Side by side, and disposes of the parts. */
function joined(chunks: readonly (readonly tf.Tensor[])[]): tf.Tensor[] {
  const [first = []] = chunks;
  const results = first.map((_, index) =>
    tf.concat(
      chunks.map(parts => parts[index]!),
      1,
    ),
  );
  tf.dispose(chunks.flat());
  return results;
}

/** `compute(start)`, a list of tensors of the same shapes each time, added up over the same starts. */
export function summedChunks<Parts extends [tf.Tensor, ...tf.Tensor[]]>(
  rows: number,
  size: number,
  compute: (start: number) => Parts,
): Parts {
  let sums: tf.Tensor[] | null = null;
  for (const start of startsOf(rows, size)) {
    const before: tf.Tensor[] | null = sums;
    // A clone, since a result may be a tensor of the caller's, which is not ours to dispose.
    sums = tf.tidy(() =>
      compute(start).map((part, i) => (before === null ? tf.clone(part) : tf.add(before[i]!, part))),
    );
    tf.dispose(before ?? []);
  }
  return (sums ?? []) as tf.Tensor[] as Parts;
}

const startsOf = (rows: number, size: number): number[] =>
  Array.from({ length: rows / size }, (_, chunk) => chunk * size);
