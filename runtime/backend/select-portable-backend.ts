/** Which backend computes, wherever JavaScript runs: WebAssembly, or plain JavaScript where that does not start. */
import * as v from 'valibot';
import { text } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import { readBackendName } from './backend-name.ts';
import { type BackendInfo, loadFirst } from './load-first.ts';
import { loadCpu, loadWasm, type WasmPaths } from './wasm-backend.ts';

export interface PortableBackendOptions {
  /** `wasm` or `cpu`. Default: the first that starts. */
  readonly prefer?: string | undefined;
  /** Address of the folder with the `.wasm` files of `@tensorflow/tfjs-backend-wasm`, or of each by its name. Default: beside the script. */
  readonly wasmPaths?: WasmPaths | undefined;
}

const schema = v.strictObject(
  {
    prefer: v.optional(text),
    wasmPaths: v.optional(
      v.union(
        [text, v.record(v.string(), text)],
        'it needs the address of a folder, ending in /, or of each file by its name',
      ),
    ),
  },
  'it needs an object',
);

/**
 * Loads a backend and makes it the current one of TensorFlow.js. A page that has chosen one by `tf.setBackend` need not call it.
 * @throws InputError when there is none of the name that was asked for, EnvironmentError when it does not start
 */
export async function selectBackend(options: PortableBackendOptions = {}): Promise<BackendInfo> {
  const { prefer, wasmPaths } = checkArgument(schema, options, 'selectBackend: options');
  const loaders = { wasm: () => loadWasm(wasmPaths), cpu: loadCpu };
  const source = 'selectBackend';
  return loadFirst(loaders, prefer === undefined ? null : { name: readBackendName(prefer, source), source });
}
