/** TensorFlow itself, through the optional packages `@tensorflow/tfjs-node-gpu` and `@tensorflow/tfjs-node`. */
import { createRequire } from 'node:module';
import os from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import type { Loaded, NotLoaded } from './loaded-backend.ts';

const require = createRequire(import.meta.url);

const packages = { 'native-gpu': '@tensorflow/tfjs-node-gpu', native: '@tensorflow/tfjs-node' } as const;

/** Loads the package and makes it the current backend; says why when it does not load. */
export async function loadNative(name: 'native-gpu' | 'native'): Promise<Loaded | NotLoaded> {
  const specifier: string = packages[name];
  // TensorFlow reads both when it loads. TF32 keeps 10 bits of mantissa, with which nothing could be proved.
  process.env.NVIDIA_TF32_OVERRIDE = '0';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  addNullCheck();
  try {
    await import(specifier);
  } catch (error) {
    return { problem: loadProblem(error, specifier) };
  }
  if (!(await tf.setBackend('tensorflow'))) return { problem: `${specifier} loads, but TensorFlow does not start` };
  const usesGpu = Reflect.get(tf.backend(), 'isUsingGpuDevice') === true;
  if (name === 'native-gpu' && !usesGpu) return { problem: `${specifier} loads, but TensorFlow finds no GPU` };
  return { detail: `${specifier}, ${usesGpu ? 'GPU' : 'CPU'}`, threads: os.availableParallelism(), simd: true };
}

/** `util.isNullOrUndefined` is gone since Node 23 and warns before; every operation of tfjs-node 4.22 calls it. */
function addNullCheck(): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined = (value: unknown): boolean => value === null || value === undefined;
}

/** Tells a package that is not there from one whose addon was never built and one whose addon does not load. */
export function loadProblem(error: unknown, specifier: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const isAbsent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  if (isAbsent && message.includes(`'${specifier}'`)) return `${specifier} is not installed`;
  if (message.includes('tfjs_binding.node') && message.includes('can not be found'))
    return `${specifier} is installed without its addon: npm rebuild ${specifier} --build-addon-from-source`;
  return `${specifier} does not load: ${message.split('\n')[0]}`;
}
