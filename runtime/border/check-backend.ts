import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../errors.ts';

/** Raises `InputError` when no backend of TensorFlow.js is loaded, which it would say in words of its own. `call` is the function's name. */
export function checkBackend(call: string): void {
  if (Object.keys(tf.engine().registryFactory).length > 0) return;
  throw new InputError(`${call}: nothing computes yet: await selectBackend() first`);
}
