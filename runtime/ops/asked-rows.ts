/**
 * Loops over those rows of each example that are asked for. Which rows these are is read back from the backend, which has to give it at
 * once: on one that cannot (WebGPU), all rows are taken.
 */
import * as tf from '@tensorflow/tfjs-core';
import { chunkedResults, chunkedRows } from './chunks.ts';

export interface AskedSizes {
  /** How many rows of each example are taken at once. */
  readonly size: number;
  /** The most of one example for which only those are taken that are asked for. */
  readonly atMost: number;
}

type Parts = [tf.Tensor, ...tf.Tensor[]];

/**
 * `compute(indices)`, `[batch, size]`, for the rows whose entry of `asked` (`[batch, rows]`) is above 0, `size` of each example in a turn:
 * `[batch, rows]`, 0 at the others. `indices` are `[batch·size]`, those of one example together; where an example has none left, any of its
 * rows. Where one has more than `atMost`, nothing is computed, and all is 0.
 */
export function rowsWhere(
  asked: tf.Tensor,
  rows: number,
  sizes: AskedSizes,
  compute: (indices: tf.Tensor1D) => tf.Tensor,
): tf.Tensor {
  return resultsWhere(asked, rows, sizes, 1, indices => [compute(indices)])[0]!;
}

/** The same for so many results of each turn. */
export function resultsWhere(
  asked: tf.Tensor,
  rows: number,
  { size, atMost }: AskedSizes,
  results: number,
  compute: (indices: tf.Tensor1D) => Parts,
): tf.Tensor[] {
  const lists = listsOf(asked, rows);
  const turns = isTooMuch(lists, atMost) ? 0 : Math.ceil(longestOf(lists) / size);
  const shape: [number, number] = [asked.shape[0]!, rows];
  if (turns === 0) return Array.from({ length: results }, () => tf.zeros(shape));
  const whole = Array.from({ length: results }, () => new Float32Array(shape[0] * rows));
  for (let first = 0; first < turns * size; first += size)
    tf.tidy(() => {
      const parts = compute(tf.tensor1d(turnOf(lists, first, size), 'int32'));
      for (const [result, part] of parts.entries())
        putBack(whole[result]!, part.dataSync(), { lists, first, size, rows });
    });
  return whole.map(values => tf.tensor2d(values, shape));
}

/** `chunkedRows` where some example asks for more than `atMost` rows; else 0, `[batch, rows]`. */
export function rowsUnless(
  asked: tf.Tensor,
  rows: number,
  { size, atMost }: AskedSizes,
  compute: (start: number) => tf.Tensor,
): tf.Tensor {
  return isTooMuch(listsOf(asked, rows), atMost) ? chunkedRows(rows, size, compute) : tf.zeros([asked.shape[0]!, rows]);
}

/** The same for so many results of each chunk. */
export function resultsUnless(
  asked: tf.Tensor,
  rows: number,
  { size, atMost }: AskedSizes,
  results: number,
  compute: (start: number) => Parts,
): tf.Tensor[] {
  return isTooMuch(listsOf(asked, rows), atMost)
    ? chunkedResults(rows, size, compute)
    : Array.from({ length: results }, () => tf.zeros([asked.shape[0]!, rows]));
}

/** The rows that are asked for, by example; null where the backend does not say at once. */
type Lists = readonly (readonly number[])[] | null;

/** Of each tensor once: both loops ask. */
const lists = new WeakMap<tf.Tensor, Lists>();

function listsOf(asked: tf.Tensor, rows: number): Lists {
  const known = lists.get(asked);
  if (known !== undefined) return known;
  const made = tf.getBackend() === 'webgpu' ? null : rowsAsked(asked.dataSync(), rows);
  lists.set(asked, made);
  return made;
}

function rowsAsked(asked: ArrayLike<number>, rows: number): number[][] {
  const found: number[][] = [];
  for (let start = 0; start < asked.length; start += rows) {
    const list: number[] = [];
    for (let row = 0; row < rows; row++) if (asked[start + row]! > 0) list.push(row);
    found.push(list);
  }
  return found;
}

const longestOf = (of: Lists): number => Math.max(0, ...(of ?? []).map(list => list.length));
const isTooMuch = (of: Lists, atMost: number): boolean => of === null || longestOf(of) > atMost;

/** The rows of a turn, `[batch·size]`. */
function turnOf(of: Lists, first: number, size: number): Int32Array {
  const indices = new Int32Array((of ?? []).length * size);
  for (const [example, list] of (of ?? []).entries()) indices.set(list.slice(first, first + size), example * size);
  return indices;
}

interface Turn {
  readonly lists: Lists;
  readonly first: number;
  readonly size: number;
  readonly rows: number;
}

/** What a turn has found, `[batch, size]`, in the places of its rows. */
function putBack(whole: Float32Array, found: ArrayLike<number>, { lists: of, first, size, rows }: Turn): void {
  of?.forEach((list, example) => {
    const end = Math.min(size, list.length - first);
    for (let i = 0; i < end; i++) whole[example * rows + list[first + i]!] = found[example * size + i]!;
  });
}
