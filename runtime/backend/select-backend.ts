/** Which backend computes, in Node: the fastest that loads, or the one that was asked for. */
import * as v from 'valibot';
import { text } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import { readBackendName } from './backend-name.ts';
import { loadInstalledWasm } from './installed-wasm.ts';
import { type BackendInfo, type Loaders, loadFirst, type Wish } from './load-first.ts';
import { loadNative } from './native-backend.ts';
import { loadCpu } from './wasm-backend.ts';
import { loadWebgpu } from './webgpu-backend.ts';

export interface BackendOptions {
  /** A name of `backendNames`. Default: the variable `DUALC_BACKEND`, else the fastest that loads. */
  readonly prefer?: string | undefined;
  /** Where `prefer` was read, for messages: `--backend`. Default: `selectBackend`. */
  readonly source?: string | undefined;
}

const loaders: Loaders = {
  'native-gpu': () => loadNative('native-gpu'),
  native: () => loadNative('native'),
  webgpu: loadWebgpu,
  wasm: loadInstalledWasm,
  cpu: loadCpu,
};

const schema = v.strictObject({ prefer: v.optional(text), source: v.optional(text) }, 'it needs an object');

/**
 * Loads a backend and makes it the current one of TensorFlow.js.
 * @throws InputError when there is none of the name that was asked for, EnvironmentError when it does not load.
 */
export async function selectBackend(options: BackendOptions = {}): Promise<BackendInfo> {
  checkArgument(schema, options, 'selectBackend: options');
  return loadFirst(loaders, wishOf(options));
}

function wishOf({ prefer, source = 'selectBackend' }: BackendOptions): Wish | null {
  if (prefer !== undefined) return { name: readBackendName(prefer, source), source };
  const variable = process.env.DUALC_BACKEND;
  if (variable === undefined || variable === '') return null;
  return { name: readBackendName(variable, 'DUALC_BACKEND'), source: 'DUALC_BACKEND' };
}
