import * as tf from '@tensorflow/tfjs-core';

/** Logits `[batch, classes]` → the class of the largest, the first one of several: int32 `[batch]`. A class also where logits are NaN. */
export const predictedClasses = (logits: tf.Tensor2D): tf.Tensor1D => tf.argMax(logits, 1);
