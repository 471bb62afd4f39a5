/**
 * WebAssembly on several threads in Node. The package brings a module for them, whose threads it starts in browsers only. Here they are those of
 * `node:worker_threads`, over the memory of one module. Each entry is computed by one thread, in the order in which a single one would sum: results
 * are the same bits.
 */
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { Worker as Thread } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';

/** The module keeps as many ready, and can start no others while it computes. */
export const mostWasmThreads = 8;

const supportFlag = 'WASM_HAS_MULTITHREAD_SUPPORT';

/** All that live, of every instance of the backend that has been started. */
const living = new Set<Thread>();

/** Ends the threads of an instance that computes no more. */
export async function endWasmThreads(): Promise<void> {
  const ended = [...living].map(thread => {
    Thread.prototype.ref.call(thread);
    return thread.terminate();
  });
  living.clear();
  await Promise.all(ended);
}

/**
 * Starts the WebAssembly backend by `start`, to compute with this many threads, at most `mostWasmThreads`. Whatever instance there was must
 * have been thrown away. What `start` answers is answered.
 */
export async function startThreaded<T>(count: number, start: () => Promise<T>): Promise<T> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  tf.env().set(supportFlag, count > 1);
  if (count === 1) return start();
  wasm.setThreadsCount(count);
  const undo = [replaceWorker(threadOf(moduleFiles())), sayProcessors(2 * count)];
  try {
    return await start();
  } finally {
    for (const step of undo) step();
    // Until now the process had to wait for them. It is not to wait for threads that wait for work.
    for (const thread of living) Thread.prototype.unref.call(thread);
  }
}

interface ModuleFiles {
  readonly script: string;
  /** What each thread runs first: JavaScript. */
  readonly threadCode: string;
}

function moduleFiles(): ModuleFiles {
  const require = createRequire(import.meta.url);
  const folder = path.join(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '..', 'wasm-out');
  const name = path.join(folder, 'tfjs-backend-wasm-threaded-simd');
  const { wasmWorkerContents } = require(`${name}.worker.js`) as { readonly wasmWorkerContents: string };
  // Written down as a template, in which a line's end within a string came to be one of the text.
  return { script: `${name}.js`, threadCode: wasmWorkerContents.replaceAll('\n', '\\n') };
}

/** What the module makes its threads of. It gives them the address of a blob, and the script as another: both are browsers' ways. */
const threadOf = ({ script, threadCode }: ModuleFiles): typeof Thread =>
  class extends Thread {
    constructor() {
      // The options of this process may be about another kind of code.
      super(threadCode, { eval: true, execArgv: [] });
      living.add(this);
    }

    override ref(): void {}
    override unref(): void {}

    override postMessage(...[message, transferred]: Parameters<Thread['postMessage']>): void {
      const { cmd } = message as { readonly cmd?: string };
      super.postMessage(cmd === 'load' ? { ...message, urlOrBlob: script } : message, transferred);
    }
  };

/** The module sets the global `Worker` to that of Node, and takes it from there. */
function replaceWorker(replacement: typeof Thread): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  Object.defineProperty(globalThis, 'Worker', { configurable: true, get: () => replacement, set() {} });
  return () => {
    Reflect.deleteProperty(globalThis, 'Worker');
    if (before !== undefined) Object.defineProperty(globalThis, 'Worker', before);
  };
}

/** The module computes with half of the processors that it is told of, at most. */
function sayProcessors(count: number): () => void {
  const { cpus } = os;
  const [first] = cpus();
  if (first === undefined) return () => {};
  const all = new Array<os.CpuInfo>(count).fill(first);
  os.cpus = () => all;
  return () => {
    os.cpus = cpus;
  };
}
