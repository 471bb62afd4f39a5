/** Starts the WebAssembly backend of TensorFlow.js, and starts it anew when it has broken down. */
import * as tf from '@tensorflow/tfjs-core';
import { FailedOperation, hearingWarnings, OutOfWasmMemory, type Warnings, watchBackend } from './wasm-memory.ts';
import { withoutNewHandlers } from './without-new-handlers.ts';

const name = 'wasm';

/** What is done around the life of an instance. Node starts threads for it; elsewhere there is nothing to do. */
export interface WasmHost {
  /** Has `start` start an instance, and answers what it answers. */
  start(start: () => Promise<boolean>): Promise<boolean>;
  /** After an instance was thrown away. */
  end(): Promise<void>;
}

let host: WasmHost = { start: start => start(), end: async () => {} };
let hasStarted = false;

/** From now on instances are started by `other`: the next one, if there is none yet. */
export function hostWasmBy(other: WasmHost): void {
  host = other;
}

/** Whether an instance was started here. Another thread's, or one that a program started by itself, does not count. */
export const wasmHasStarted = (): boolean => hasStarted;

/** Makes WebAssembly the current backend; false when it does not start. Its package has to be loaded. */
export async function startWasm(): Promise<boolean> {
  const heard: Warnings = { failure: null };
  const start = (): Promise<boolean> => withoutNewHandlers(() => tf.setBackend(name));
  const started = await hearingWarnings(() => host.start(start), heard);
  if (started) watchBackend(tf.backend(), heard);
  hasStarted ||= started;
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
  await host.end();
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
