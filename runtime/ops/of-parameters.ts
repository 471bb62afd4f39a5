/** What emitted modules make of parameters: once while those are kept (`derived.ts`). */
import * as tf from '@tensorflow/tfjs-core';
import { derived } from './derived.ts';

/** `|x| + floor`. */
export const magnitudes = (x: tf.Tensor, floor: number): tf.Tensor =>
  derived(x, `magnitudes ${floor}`, () => (floor === 0 ? tf.abs(x) : tf.tidy(() => tf.add(tf.abs(x), floor))));

export const transposed = (x: tf.Tensor, perm: readonly number[]): tf.Tensor =>
  derived(x, `transposed ${perm}`, () => tf.transpose(x, [...perm]));
