/** Random parameters and a batch for an emitted module. */
import * as tf from '@tensorflow/tfjs-core';
import type { RobustModel } from '../../runtime/contract.ts';
import type { ModelInputs } from './emitted-model.ts';
import { seededNormals } from './program-inputs.ts';

/** The caller disposes them. */
export function randomTensors({ meta }: RobustModel, batch: number): ModelInputs {
  const random = (shape: readonly number[], seed: number): tf.Tensor =>
    tf.tensor(Float32Array.from(seededNormals(seed, tf.util.sizeFromShape([...shape]))), [...shape]);
  return {
    params: Object.fromEntries(meta.parameters.map(({ name, shape }, index) => [name, random(shape, index)])),
    x: random([batch, ...meta.inputShape], meta.parameters.length),
    labels: tf.tensor1d(
      Int32Array.from({ length: batch }, (_, i) => i % meta.classes),
      'int32',
    ),
  };
}
