/** The backends that come with dualc: WebAssembly, and plain JavaScript. */
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Loaded, NotLoaded } from './loaded-backend.ts';
import { startWasm } from './start-wasm.ts';

let filesAreSet = false;

/** Makes WebAssembly the current backend; its files lie in the installed package. */
export async function loadWasm(): Promise<Loaded | NotLoaded> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  await import('@tensorflow/tfjs-backend-cpu');
  if (!filesAreSet) {
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(path.join(path.dirname(entry), path.sep));
    filesAreSet = true;
  }
  if (!(await startWasm())) return { problem: '@tensorflow/tfjs-backend-wasm does not start' };
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const hasThreads = await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT');
  const threads = hasThreads === true ? wasm.getThreadsCount() : 1;
  return { detail: `WebAssembly ${simd === true ? 'with' : 'without'} SIMD`, threads, simd: simd === true };
}

/** Makes plain JavaScript the current backend. */
export async function loadCpu(): Promise<Loaded | NotLoaded> {
  await import('@tensorflow/tfjs-backend-cpu');
  if (!(await tf.setBackend('cpu'))) return { problem: '@tensorflow/tfjs-backend-cpu does not start' };
  return { detail: 'plain JavaScript, slow', threads: 1, simd: false };
}
