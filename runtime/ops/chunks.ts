/** Chunk loops: work over many rows (one for each output or neuron that is bounded), a few rows at a time, so that memory stays small. */
import * as tf from '@tensorflow/tfjs-core';
import { matMul } from './mat-mul.ts';
import { unitVectors } from './one-hot.ts';

/** Rows `start … start + size − 1` of the identity matrix of `rows`, each reshaped to `shape`: `[size, …shape]`. */
export function unitRows(start: number, size: number, rows: number, shape: readonly number[]): tf.Tensor {
  return tf.tidy(() => tf.reshape(unitVectors(tf.range(start, start + size, 1, 'int32'), rows), [size, ...shape]));
}

/** Rows of the identity matrix of `rows` at indices `[n]`, each reshaped to `shape`: `[n, …shape]`. Of an index that is no row, zeros. */
export function unitRowsAt(indices: tf.Tensor, rows: number, shape: readonly number[]): tf.Tensor {
  return tf.tidy(() => tf.reshape(unitVectors(tf.cast(indices, 'int32'), rows), [-1, ...shape]));
}

/** `(values [batch, n], indices [n]) → [batch, rows]`: each value in the column of its index, 0 elsewhere. */
export function scatteredRows(values: tf.Tensor, indices: tf.Tensor, rows: number): tf.Tensor {
  return tf.tidy(() => matMul(values, unitVectors(tf.cast(indices, 'int32'), rows)));
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

/** `compute(indices)`, `[batch, size]`, for `size` of the indices `[n]` after the other, joined along axis 1: `[batch, n]`. */
export function chunkedRowsAt(indices: tf.Tensor, size: number, compute: (indices: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.tidy(() =>
    tf.concat(
      listsOf(indices, size).map(part => tf.tidy(() => compute(part))),
      1,
    ),
  );
}

/** The same for several results of each chunk: each joined. */
export function chunkedResultsAt<Parts extends [tf.Tensor, ...tf.Tensor[]]>(
  indices: tf.Tensor,
  size: number,
  compute: (indices: tf.Tensor) => Parts,
): Parts {
  const lists = tf.tidy(() => listsOf(indices, size));
  const chunks = lists.map(part => tf.tidy(() => compute(part).map(own)));
  tf.dispose(lists);
  return joined(chunks) as Parts;
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

/** A list as it comes, in chunks. */
function listsOf(indices: tf.Tensor, size: number): tf.Tensor[] {
  const list = tf.cast(indices, 'int32');
  return startsOf(indices.size, size).map(start => tf.slice(list, [start], [size]));
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
