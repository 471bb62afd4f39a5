/** The noise that emitted modules draw for their sketches. `stream` is the layer's name: every layer draws its own. */
import * as tf from '@tensorflow/tfjs-core';
import type { RandomKey } from '../contract.ts';
import { cauchy, normal } from './draws.ts';
import { foldIn } from './random-key.ts';

/** Independent standard Cauchy numbers of the given shape. The caller disposes the tensor. */
export function cauchyNoise(key: RandomKey, stream: string, shape: number[]): tf.Tensor {
  return tf.tensor(cauchy(foldIn(key, stream), tf.util.sizeFromShape(shape)), shape, 'float32');
}

/** Independent standard normal numbers of the given shape. The caller disposes the tensor. */
export function normalNoise(key: RandomKey, stream: string, shape: number[]): tf.Tensor {
  return tf.tensor(normal(foldIn(key, stream), tf.util.sizeFromShape(shape)), shape, 'float32');
}
