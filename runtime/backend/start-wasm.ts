/** Starts the WebAssembly backend of TensorFlow.js, and starts it anew when it has broken down. */
import * as tf from '@tensorflow/tfjs-core';
import { FailedOperation, hearingWarnings, OutOfWasmMemory, type Warnings, watchBackend } from './wasm-memory.ts';
import { withoutNewHandlers } from './without-new-handlers.ts';

const name = 'wasm';

/** Makes WebAssembly the current backend; false when it does not start. Its package has to be loaded. */
export async function startWasm(): Promise<boolean> {
  const heard: Warnings = { failure: null };
  const started = await hearingWarnings(() => withoutNewHandlers(() => tf.setBackend(name)), heard);
  if (started) watchBackend(tf.backend(), heard);
  return started;
}

/** Whether an error means that the WebAssembly backend computes nothing any more: it trapped, or was out of memory. */
export function isBreakdown(error: unknown): error is Error {
  return error instanceof OutOfWasmMemory || error instanceof FailedOperation || error instanceof trap;
}

/** What a module raises that was asked for the impossible. The types of Node do not know WebAssembly. */
const { RuntimeError: trap } = Reflect.get(globalThis, 'WebAssembly') as { readonly RuntimeError: new () => Error };

/**
 * Throws the current instance away, with every tensor on it, and starts a fresh one. Tensors of the old one may still be
 * disposed; reading one is an error.
 */
export async function restartWasm(): Promise<void> {
  const factory = tf.findBackendFactory(name);
  abandon(tf.backend());
  tf.removeBackend(name);
  tf.registerBackend(name, factory, priority);
  if (!(await startWasm())) throw new Error('WebAssembly does not start again');
}

/** As its package registers it. */
const priority = 2;

/** A module that trapped may trap again, or do damage, in whatever it is asked for, even in freeing memory. */
function abandon(backend: object): void {
  const lost = (): never => {
    throw new Error('this tensor was lost when the WebAssembly backend broke down');
  };
  // Without the module its memory, up to 4 GiB, is free as soon as nothing else holds it.
  Object.assign(backend, { wasm: null, disposeData: () => true, dispose() {}, read: lost, readSync: lost });
}
