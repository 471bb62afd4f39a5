import { createRequire } from 'node:module';
import path from 'node:path';
import type { Loaded, NotLoaded } from './loaded-backend.ts';
import { hostWasmBy, wasmHasStarted } from './start-wasm.ts';
import { loadWasm } from './wasm-backend.ts';
import { usualWasmThreads, wasmThreadsAsked } from './wasm-thread-count.ts';
import { worthOfThreads } from './wasm-thread-worth.ts';
import { endWasmThreads, startThreaded } from './wasm-threads.ts';

/**
 * WebAssembly in Node: its files lie in the installed package. It computes with as many threads as `DUALC_WASM_THREADS` says; an instance
 * that has started keeps those it has. Raises `InputError` for a variable that says neither `auto` nor how many.
 */
export async function loadInstalledWasm(): Promise<Loaded | NotLoaded> {
  const asked = wasmThreadsAsked();
  if (wasmHasStarted()) return load();
  if (asked === 'auto') return loadMeasured(usualWasmThreads());
  useThreads(asked);
  return load();
}

function load(): Promise<Loaded | NotLoaded> {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  return loadWasm(path.join(path.dirname(entry), path.sep));
}

const useThreads = (count: number): void =>
  hostWasmBy({ start: start => startThreaded(count, start), end: endWasmThreads });

/** Keeps the threads if they are worth it on this machine, as it is now. */
async function loadMeasured(count: number): Promise<Loaded | NotLoaded> {
  useThreads(1);
  const loaded = await load();
  if ('problem' in loaded || count === 1) return loaded;
  const { speedup, threads } = await worthOfThreads(count, useThreads);
  return {
    ...loaded,
    threads,
    detail: `${loaded.detail}, on which ${count} threads are ${speedup.toFixed(1)} times as fast as one`,
  };
}
