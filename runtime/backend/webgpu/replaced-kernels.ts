/**
 * Kernels of `@tensorflow/tfjs-backend-webgpu` 4.22 that are not right enough, and what stands in their place.
 *
 * - `Relu` gives `x` unless `x < 0`. A GPU that takes a number between −2⁻¹²⁶ and 0 for zero when it compares gives it back, below 0. Here
 *   it is 0 where `x ≤ 0`; NaN stays NaN, since no comparison with it holds.
 * - `Cast` of integers and truth values to floats gives the same buffer another name. Kernels that do not look what a buffer really holds,
 *   such as `Transpose`, are then refused by the compiler of shaders. Here the numbers become floats.
 */
import * as tf from '@tensorflow/tfjs-core';
import { entrywise } from './entrywise.ts';

const backendName = 'webgpu';

type Change = (original: tf.KernelFunc) => tf.KernelFunc;

const changes: Readonly<Record<string, Change>> = {
  [tf.Relu]:
    () =>
    ({ inputs, backend }) => {
      const x = inputs.x as tf.TensorInfo;
      return entrywise(backend, { name: 'relu', expression: 'select(a, 0.0, a <= 0.0)' }, x, x.dtype);
    },
  [tf.Cast]: original => args => {
    const x = args.inputs.x as tf.TensorInfo;
    const isRenamed = args.attrs?.dtype === 'float32' && (x.dtype === 'int32' || x.dtype === 'bool');
    return isRenamed ? entrywise(args.backend, { name: 'to float', expression: 'a' }, x, 'float32') : original(args);
  },
};

/** To be called once, when the kernels of `webgpu` are registered. */
export function replaceKernels(): void {
  for (const [kernelName, change] of Object.entries(changes)) {
    const original = tf.getKernel(kernelName, backendName);
    if (original === undefined) throw new Error(`${backendName} has no kernel ${kernelName}`);
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ ...original, kernelFunc: change(original.kernelFunc) });
  }
}
