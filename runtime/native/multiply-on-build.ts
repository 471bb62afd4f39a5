/** The smallest computation that shows whether a build works. */
import * as tf from '@tensorflow/tfjs-core';
import { loadBuild } from './load-build.ts';
import type { NativeVariant } from './native-build.ts';
import { prepareForTensorFlow } from './native-variables.ts';

export interface Multiplied {
  /** Of [1, 2] and [3, 4]. */
  readonly product: number | undefined;
  readonly usesGpu: boolean;
}

/** Raises when the build does not load. */
export async function multiplyOnBuild(folder: string, variant: NativeVariant): Promise<Multiplied> {
  tf.enableProdMode();
  prepareForTensorFlow();
  loadBuild(folder, variant);
  if (!(await tf.setBackend('tensorflow'))) throw new Error('TensorFlow does not start');
  const [product] = tf.tidy(() => tf.matMul(tf.tensor2d([1, 2], [1, 2]), tf.tensor2d([3, 4], [2, 1])).dataSync());
  return { product, usesGpu: Reflect.get(tf.backend(), 'isUsingGpuDevice') === true };
}
