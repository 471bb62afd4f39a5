/** The backends that run everywhere: WebAssembly, and plain JavaScript. */
import * as tf from '@tensorflow/tfjs-core';
import type { Loaded, NotLoaded } from './loaded-backend.ts';
import { startWasm } from './start-wasm.ts';

/** Where the files of `@tensorflow/tfjs-backend-wasm` lie: the address of their folder, or of each by its name. */
export type WasmPaths = string | Readonly<Record<string, string>>;

/** Once it has started, it refuses to be told of other files. */
let filesAreSet = false;

/** Makes WebAssembly the current backend. Without paths its files are looked for beside the script. */
export async function loadWasm(paths?: WasmPaths): Promise<Loaded | NotLoaded> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  await import('@tensorflow/tfjs-backend-cpu');
  if (paths !== undefined && !filesAreSet) {
    wasm.setWasmPaths(paths);
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
