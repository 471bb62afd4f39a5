import { createRequire } from 'node:module';
import path from 'node:path';
import type { Loaded, NotLoaded } from './loaded-backend.ts';
import { loadWasm } from './wasm-backend.ts';

/** WebAssembly in Node: its files lie in the installed package. */
export function loadInstalledWasm(): Promise<Loaded | NotLoaded> {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  return loadWasm(path.join(path.dirname(entry), path.sep));
}
