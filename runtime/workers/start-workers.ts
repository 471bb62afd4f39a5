/** Threads that are equipped with a model. */
import type { Answer, Equipment, Task } from './tasks.ts';
import { startPool, type WorkerPool } from './worker-pool.ts';

export type Workers = WorkerPool<Task, Answer>;

/** `workers` threads, each of which loads backend and model by itself when it gets its first task. */
export function startWorkers(equipment: Equipment, workers: number): Workers {
  // A thread would need what reads TypeScript: from the sources, as tests run them, it runs what was built last.
  const built = import.meta.url.endsWith('.ts') ? '../../dist/runtime/workers/' : '';
  const file = new URL(`${built}thread.js`, import.meta.url);
  return startPool<Task, Answer>({ file, workers, data: equipment });
}
