/** Loads what `dualc setup native` built: TensorFlow's addon, and the kernels of `@tensorflow/tfjs-node` over it. */
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { buildParts, type NativeVariant } from './native-build.ts';

const require = createRequire(import.meta.url);

/**
 * Where the kernels of a build find TensorFlow.js. They ask for `@tensorflow/tfjs`, 308 MB of which they need the core alone; and the
 * core has to be dualc's own, for tensors of another are unknown to it. In their folder stands a module of that name which gives what is kept here.
 */
export const coreSymbol = 'dualc.tensorflow.core';

interface BackendModule {
  readonly NodeJSKernelBackend: new (addon: unknown, packageName: string) => tf.KernelBackend;
}

/** Registers the backend `tensorflow`; raises whatever loading the addon does. Loaded before, it stays as it is. */
export function loadBuild(folder: string, variant: NativeVariant): void {
  if ((tf.findBackendFactory('tensorflow') ?? null) !== null) return;
  Reflect.set(globalThis, Symbol.for(coreSymbol), tf);
  // First, so that nothing is registered where it does not load.
  const addon: unknown = require(path.join(folder, buildParts.addon));
  require(path.join(folder, buildParts.kernels));
  const { NodeJSKernelBackend } = require(path.join(folder, buildParts.backend)) as BackendModule;
  addChainedMethods();
  const packageName = variant === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(addon, packageName), 3);
}

/** Methods of tensors that a few kernels call (Prelu, Exp of integers, ArgMax of truth values) and the core alone does not have. */
function addChainedMethods(): void {
  type Self = tf.Tensor;
  const methods = {
    add: (self: Self, other: tf.TensorLike) => tf.add(self, other),
    sub: (self: Self, other: tf.TensorLike) => tf.sub(self, other),
    mul: (self: Self, other: tf.TensorLike) => tf.mul(self, other),
    toFloat: (self: Self) => tf.cast(self, 'float32'),
    toInt: (self: Self) => tf.cast(self, 'int32'),
  };
  for (const [name, method] of Object.entries(methods)) {
    if (name in tf.Tensor.prototype) continue;
    Object.defineProperty(tf.Tensor.prototype, name, {
      configurable: true,
      writable: true,
      value(this: Self, other: tf.TensorLike) {
        return method(this, other);
      },
    });
  }
}
