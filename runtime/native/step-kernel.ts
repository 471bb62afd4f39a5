/**
 * `step` in two operations of TensorFlow. That of `@tensorflow/tfjs-node` takes seven, with five tensors beside the result: at 15 to 40 µs
 * an operation that is felt wherever a network is trained.
 */
import * as tf from '@tensorflow/tfjs-core';

const backendName = 'tensorflow';

interface TensorFlowBackend {
  executeSingleInput(name: string, x: tf.TensorInfo): tf.Tensor;
}

const replaced = new WeakSet<tf.KernelFunc>();

/** Puts it in the place of the registered one; a second time changes nothing. The kernels of `tensorflow` have to be registered. */
export function replaceStep(): void {
  const original = tf.getKernel(tf.Step, backendName);
  if (original === undefined || replaced.has(original.kernelFunc)) return;
  const kernelFunc: tf.KernelFunc = args =>
    (args.attrs as { alpha?: number } | undefined)?.alpha ? original.kernelFunc(args) : step(args);
  replaced.add(kernelFunc);
  tf.unregisterKernel(tf.Step, backendName);
  tf.registerKernel({ kernelName: tf.Step, backendName, kernelFunc });
}

/** 1 above 0, else 0, and NaN for NaN, as the other one: both operations keep it, and round nothing. */
const step: tf.KernelFunc = ({ inputs, backend }) => {
  const { executeSingleInput } = backend as TensorFlowBackend;
  const run = (name: string, x: tf.TensorInfo): tf.Tensor => executeSingleInput.call(backend, name, x);
  return tf.tidy(() => run('Relu', run('Sign', inputs.x as tf.Tensor)));
};
