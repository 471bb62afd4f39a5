/**
 * WebAssembly addresses 4 GiB. TensorFlow.js does not look whether memory was to be had: a tensor that finds none is laid over
 * the start of the memory, where the module keeps its own data, or across its end, and a convolution without scratch memory
 * leaves its result as it was. What is computed afterwards may be anything. Here running out of memory is an error, and nothing
 * that was computed after it can be read. (Scratch memory across the end needs no watching: an operation fills all of it, and traps.)
 */
import { EnvironmentError } from '../errors.ts';
import { printBytes } from '../report/print-bytes.ts';

/** What TensorFlow.js lets the memory grow to, in bytes. */
export const wasmMemoryLimit: number = 2 ** 32 - 2 ** 16;

/** No memory for a tensor or within an operation: the backend computes nothing any more. */
export class OutOfWasmMemory extends EnvironmentError {
  /** @param bytes of the tensor that found no place; null when it was scratch memory of an operation */
  constructor(bytes: number | null) {
    const needed = bytes === null ? '' : ` for a tensor of ${printBytes(bytes)}`;
    super(
      `WebAssembly, which can address ${printBytes(wasmMemoryLimit)}, has no memory left${needed}: ` +
        'take fewer examples at a time (--batch), bounds that need less (--bounds interval), or a native backend',
    );
  }
}

/** An operation that did nothing: TensorFlow.js warns on the console, and goes on with whatever its result held before. */
export class FailedOperation extends EnvironmentError {
  constructor(warning: string) {
    super(`an operation of the WebAssembly backend failed: ${warning}`);
  }
}

/** What is used of Emscripten's module. */
interface EmscriptenModule {
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** Address of C's `errno`. */
  ___errno_location(): number;
  readonly HEAPU8: Uint8Array;
  readonly HEAP32: Int32Array;
}

interface WasmBackend {
  readonly wasm: EmscriptenModule;
  readSync(dataId: object, start?: number, end?: number): unknown;
}

const watched = new WeakSet<object>();

/** ENOMEM, as Emscripten's libc counts. Its allocator sets it whenever it finds no memory; nothing resets it. */
const outOfMemory = 48;

/** Warnings that the WebAssembly module of a backend has given, as far as they mean that an operation failed. */
export interface Warnings {
  failure: string | null;
}

/** Runs `load`. The module that it starts writes its warnings to the console that it finds: here they are heard as well. */
export async function hearingWarnings<T>(load: () => Promise<T>, heard: Warnings): Promise<T> {
  const { warn } = console;
  console.warn = (...parts: unknown[]) => {
    const text = parts.join(' ');
    if (/^XNN status .* not successful/.test(text)) heard.failure ??= text;
    else warn.apply(console, parts);
  };
  try {
    return await load();
  } finally {
    console.warn = warn;
  }
}

/**
 * Watches all allocations of an instance of the backend: those of tensors one by one, those inside operations, and other failures
 * of operations, when values are read. An instance is watched once, whoever started it.
 */
export function watchBackend(backend: object, heard: Warnings = { failure: null }): void {
  if (watched.has(backend)) return;
  watched.add(backend);
  const { wasm, readSync } = backend as WasmBackend;
  // Emscripten replaces the function when it is first called.
  wasm._free(wasm._malloc(1));
  const allocate = wasm._malloc;
  wasm._malloc = bytes => {
    // The allocator takes sizes modulo 4 GiB, and may answer with a place that reaches beyond the end.
    const address = bytes > wasmMemoryLimit ? 0 : allocate(bytes) >>> 0;
    if (bytes > 0 && (address === 0 || address + bytes > wasm.HEAPU8.length)) throw new OutOfWasmMemory(bytes);
    return address;
  };
  Object.assign(backend, {
    readSync(...where: Parameters<WasmBackend['readSync']>): unknown {
      if (heard.failure !== null) throw new FailedOperation(heard.failure);
      if (wasm.HEAP32[wasm.___errno_location() >>> 2] === outOfMemory) throw new OutOfWasmMemory(null);
      return readSync.apply(backend, where);
    },
  });
}
