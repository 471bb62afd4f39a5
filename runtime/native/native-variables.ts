/** What has to be as TensorFlow expects it before it loads, and what it takes from its variables. */
import { createRequire } from 'node:module';
import os from 'node:os';
import type { Environment } from '../files/cache-folder.ts';

const require = createRequire(import.meta.url);

/** To be called before the library is loaded: it reads the variables then. */
export function prepareForTensorFlow(): void {
  // TF32 keeps 10 bits of mantissa, with which nothing could be proved.
  process.env.NVIDIA_TF32_OVERRIDE = '0';
  // The library for GPUs reports errors of CUDA on a machine without one.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  addChecks();
}

/** Node warns of both since version 22 and has lost the first in 23; operations of tfjs-node 4.22 call them. */
function addChecks(): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined = (value: unknown): boolean => value === null || value === undefined;
  util.isArray = Array.isArray;
}

export interface NativeThreads {
  readonly count: number;
  /** Whether the user's variable says so. */
  readonly isChosen: boolean;
}

/** As TensorFlow counts the threads that share one operation: what `TF_NUM_INTRAOP_THREADS` says, else the cores. */
export function nativeThreads(env: Environment = process.env): NativeThreads {
  const text = env.TF_NUM_INTRAOP_THREADS ?? '';
  const asked = /^\s*\d+\s*$/.test(text) ? Number(text) : 0;
  return asked > 0 ? { count: asked, isChosen: true } : { count: os.availableParallelism(), isChosen: false };
}
