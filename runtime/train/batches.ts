/** Batches of examples, in an order that seed and epoch decide. */
import * as tf from '@tensorflow/tfjs-core';
import type { RandomKey } from '../contract.ts';
import { permutation } from '../random/draws.ts';
import { foldIn } from '../random/random-key.ts';

/** Examples in memory. */
export interface Examples {
  /** `count` examples one after the other, each of the network's input shape. */
  readonly values: Float32Array;
  /** Class of each example. */
  readonly labels: Int32Array;
  /** 1 for examples whose robust loss is left out of training, because an earlier stage of a cascade certifies them; absent where none is. */
  readonly proved?: Uint8Array | undefined;
}

/** The tensors of one batch; the caller disposes them. */
export interface Batch {
  /** `[batch, …input shape]`, float32. */
  readonly x: tf.Tensor;
  /** `[batch]`, int32. */
  readonly labels: tf.Tensor1D;
}

/** Order of all examples in one epoch. */
export function epochOrder(key: RandomKey, epoch: number, count: number): Uint32Array {
  return permutation(foldIn(foldIn(key, 'order'), epoch), count);
}

/** Batches in an epoch; the last one may be smaller. */
export const batchesPerEpoch = (count: number, batch: number): number => Math.ceil(count / batch);

/** The examples with the given indices, as tensors. */
export const gatherBatch = (examples: Examples, indices: Uint32Array, inputShape: readonly number[]): Batch =>
  tensorsOf(gatherExamples(examples, indices, inputShape), inputShape);

/** Copies of the examples with the given indices. */
export function gatherExamples(examples: Examples, indices: Uint32Array, inputShape: readonly number[]): Examples {
  const size = tf.util.sizeFromShape([...inputShape]);
  const values = new Float32Array(indices.length * size);
  const labels = new Int32Array(indices.length);
  indices.forEach((index, at) => {
    values.set(examples.values.subarray(index * size, (index + 1) * size), at * size);
    labels[at] = examples.labels[index]!;
  });
  const { proved } = examples;
  return { values, labels, ...(proved === undefined ? {} : { proved: Uint8Array.from(indices, at => proved[at]!) }) };
}

/** All of the examples. */
export const tensorsOf = ({ values, labels }: Examples, inputShape: readonly number[]): Batch => ({
  x: tf.tensor(values, [labels.length, ...inputShape]),
  labels: tf.tensor1d(labels, 'int32'),
});
