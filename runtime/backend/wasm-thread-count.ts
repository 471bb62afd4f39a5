/** How many threads the variable `DUALC_WASM_THREADS` asks for. */
import os from 'node:os';
import { InputError } from '../errors.ts';
import { mostWasmThreads } from './wasm-threads.ts';

/** `auto` leaves it to a measurement. */
export type WasmThreads = number | 'auto';

/** One without the variable. @throws InputError for what is neither `auto` nor a number of threads that can be had */
export function wasmThreadsAsked(env: Readonly<Record<string, string | undefined>> = process.env): WasmThreads {
  const text = (env.DUALC_WASM_THREADS ?? '').trim();
  if (text === '') return 1;
  if (text === 'auto') return 'auto';
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= mostWasmThreads) return count;
  throw new InputError(
    `DUALC_WASM_THREADS is "${text}": it must be auto or a whole number from 1 to ${mostWasmThreads}`,
  );
}

/** As many as a measurement tries. */
export const usualWasmThreads = (): number => Math.min(mostWasmThreads, os.availableParallelism());
