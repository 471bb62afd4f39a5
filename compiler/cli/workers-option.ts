/** `--workers`: how many threads share the work, and what memory each of them has. */
import { memoryOfWorker, mostWorkers } from '../../runtime/workers/worker-count.ts';
import { UsageError } from './usage-error.ts';

export interface WorkerFlags {
  /** `--workers`; undefined leaves it to dualc. */
  readonly workers?: number | undefined;
  /** `--memory`, that of all workers together; undefined stands for `memoryOfWorker` for each. */
  readonly memory?: number | undefined;
}

/** The most that there may be: how many have something to do is known later. */
export const workersAllowed = ({ workers, memory }: WorkerFlags): number => workers ?? mostWorkers(memory);

/** Bytes for all of `workers` threads. */
export const memoryOfAll = ({ memory }: WorkerFlags, workers: number): number => memory ?? workers * memoryOfWorker;

/** Whether it computes on a GPU, for one thread. */
export const isOnGpu = (backend: string): boolean => backend === 'native-gpu' || backend === 'webgpu';

/** Raises `UsageError` for several workers on a GPU. */
export function requireCpu(workers: number, backend: string): void {
  if (workers === 1 || !isOnGpu(backend)) return;
  throw new UsageError('--workers: a GPU computes for one worker; leave it out, or ask for --backend native or wasm');
}

/** To be called before a backend is loaded, which counts its threads then: cores are for workers now, each computes with one unless told otherwise. */
export function oneThreadEach(): void {
  if (process.env.DUALC_WASM_THREADS === 'auto') process.env.DUALC_WASM_THREADS = '1';
  process.env.TF_NUM_INTRAOP_THREADS ??= '1';
  process.env.TF_NUM_INTEROP_THREADS ??= '1';
}
