/**
 * Kernels of `@tensorflow/tfjs-backend-webgpu` 4.22 that are not right enough, and what stands in their place.
 *
 * - `Relu` gives `x` unless `x < 0`. A GPU that takes a number between −2⁻¹²⁶ and 0 for zero when it compares gives it back, below 0. Here
 *   it is 0 where `x ≤ 0`; NaN stays NaN, since no comparison with it holds.
 * - `Cast` of integers and truth values to floats gives the same buffer another name. Kernels that do not look what a buffer really holds,
 *   such as `Transpose`, are then refused by the compiler of shaders. Here the numbers become floats.
 * - `BatchMatMul` and `Conv2D` let several parts of the GPU add to the same sums, whoever comes first, where few sums of 2,000 products and
 *   more are asked for: each run has bits of its own. Here each sum is made at one place, and a run can be repeated.
 */
import * as tf from '@tensorflow/tfjs-core';
import { entrywise } from './entrywise.ts';

const backendName = 'webgpu';

type KernelArgs = Parameters<tf.KernelFunc>[0];
type Change = (original: tf.KernelFunc) => tf.KernelFunc;

/** As the backend numbers its ways to multiply matrices. */
const chosenBySize = -1;
const oneSumAtOnePlace = 3;
const splitFrom = 2000;

/** `products` says of how many products each sum is. */
function unsplit(products: (args: KernelArgs) => number): Change {
  return original => args => {
    if (products(args) < splitFrom) return original(args);
    tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', oneSumAtOnePlace);
    try {
      return original(args);
    } finally {
      tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', chosenBySize);
    }
  };
}

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
  [tf.BatchMatMul]: unsplit(({ inputs, attrs }) => {
    const { shape } = inputs.a as tf.TensorInfo;
    return shape.at(attrs?.transposeA === true ? -2 : -1) ?? 1;
  }),
  [tf.Conv2D]: unsplit(({ inputs }) => tf.util.sizeFromShape((inputs.filter as tf.TensorInfo).shape.slice(0, 3))),
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
