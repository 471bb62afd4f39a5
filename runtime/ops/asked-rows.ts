/**
 * Loops over those rows that are asked for, of all examples together. Which rows these are is read back from the backend, which has to give
 * it at once: on one that cannot (WebGPU), all rows are taken.
 */
import * as tf from '@tensorflow/tfjs-core';
import { chunkedResults, chunkedRows } from './chunks.ts';
import { tellTurns } from './loop-turns.ts';

export interface AskedSizes {
  /** How many rows to an example are taken at once. */
  readonly size: number;
  /** The most to an example, of all examples together, for which only those are taken that are asked for. */
  readonly atMost: number;
}

type Parts = [tf.Tensor, ...tf.Tensor[]];

/**
 * `compute(indices)`, `[n, 1]`, for the rows whose entry of `asked` (`[batch, rows]`) is above 0, `batch·size` of them in a turn and in the
 * last one what is left: `[batch, rows]`, 0 at the others. `indices` are `[n]`: row `r` of example `e` is `e·rows + r`. Where more than
 * `batch·atMost` are asked for, nothing is computed, and all is 0.
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
  const batch = asked.shape[0]!;
  const list = listOf(asked);
  const some = list === null || list.length > batch * atMost ? [] : list;
  tellTurns(some.length / (batch * size));
  const whole = Array.from({ length: results }, () => new Float32Array(batch * rows));
  for (let first = 0; first < some.length; first += batch * size) {
    const turn = some.slice(first, first + batch * size);
    tf.tidy(() => {
      for (const [result, part] of compute(tf.tensor1d(turn, 'int32')).entries()) {
        const found = part.dataSync();
        turn.forEach((place, i) => {
          whole[result]![place] = found[i]!;
        });
      }
    });
  }
  return whole.map(values => tf.tensor2d(values, [batch, rows]));
}

/** `chunkedRows` where more than `batch·atMost` rows are asked for; else 0, `[batch, rows]`. */
export function rowsUnless(
  asked: tf.Tensor,
  rows: number,
  sizes: AskedSizes,
  compute: (start: number) => tf.Tensor,
): tf.Tensor {
  return allWalk(asked, rows, sizes) ? chunkedRows(rows, sizes.size, compute) : tf.zeros([asked.shape[0]!, rows]);
}

/** The same for so many results of each chunk. */
export function resultsUnless(
  asked: tf.Tensor,
  rows: number,
  sizes: AskedSizes,
  results: number,
  compute: (start: number) => Parts,
): tf.Tensor[] {
  return allWalk(asked, rows, sizes)
    ? chunkedResults(rows, sizes.size, compute)
    : Array.from({ length: results }, () => tf.zeros([asked.shape[0]!, rows]));
}

function allWalk(asked: tf.Tensor, rows: number, { size, atMost }: AskedSizes): boolean {
  const list = listOf(asked);
  const tooMany = list === null || list.length > asked.shape[0]! * atMost;
  tellTurns(tooMany ? rows / size : 0);
  return tooMany;
}

/** The rows that are asked for, in order; null where the backend does not say at once. */
type List = readonly number[] | null;

/** Of each tensor once: both loops ask. */
const lists = new WeakMap<tf.Tensor, { readonly list: List }>();

function listOf(asked: tf.Tensor): List {
  const known = lists.get(asked);
  if (known !== undefined) return known.list;
  const list = tf.getBackend() === 'webgpu' ? null : placesAbove0(asked.dataSync());
  lists.set(asked, { list });
  return list;
}

function placesAbove0(values: ArrayLike<number>): number[] {
  const places: number[] = [];
  for (let place = 0; place < values.length; place++) if (values[place]! > 0) places.push(place);
  return places;
}
