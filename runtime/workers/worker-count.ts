/** How many threads share a job, and how examples are cut for them. */
import os from 'node:os';
import { wasmThreadsAsked } from '../backend/wasm-thread-count.ts';

/** Memory of one worker when nobody says how much there is, in bytes. */
export const memoryOfWorker: number = 2 ** 30;

/** A worker takes as long to start as it takes to certify this many batches of a small network, or longer. */
const batchesPerWorker = 8;

/** Share of the machine's memory that workers take without being asked to. */
const machineShare = 0.5;

/**
 * Examples at a time when nobody says how many. It depends on their number alone, so that results do not depend on the number of
 * workers; larger batches take no less time (docs/speed.md).
 */
export const usualBatch = (examples: number): number => Math.min(32, Math.max(8, Math.ceil(examples / 16)));

/**
 * As many as there are cores for the threads of each (`DUALC_WASM_THREADS`), as far as each has `memoryOfWorker` of the memory that was asked for, or of
 * half the machine's.
 */
export function mostWorkers(memory: number | undefined): number {
  const bytes =
    memory ?? machineShare * Math.min(os.totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const threads = wasmThreadsAsked();
  const cores = Math.floor(os.availableParallelism() / (threads === 'auto' ? 1 : threads));
  return Math.max(1, Math.min(cores, Math.floor(bytes / memoryOfWorker)));
}

/** No more than have something to do; and of those that nobody asked for, only as many as make up for the time of their start. */
export function usefulWorkers(asked: number | undefined, most: number, batches: number): number {
  if (asked !== undefined) return Math.min(asked, batches);
  return Math.max(1, Math.min(most, Math.floor(batches / batchesPerWorker)));
}
