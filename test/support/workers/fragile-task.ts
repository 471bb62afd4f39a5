/** Tasks of threads in tests: each does what it is told in its first tries, which are counted where all threads see them. */
import { workerData } from 'node:worker_threads';
import type { Reply } from '../../../runtime/workers/reply.ts';

export interface FragileTask {
  /** Where its tries are counted. */
  readonly number: number;
  readonly failing: number;
  readonly how: 'exits' | 'throws' | 'says so' | 'runs out of memory' | 'is at fault';
}

export default async function doTask({ number, failing, how }: FragileTask): Promise<Reply<string>> {
  const tries = workerData as Int32Array;
  if (Atomics.add(tries, number, 1) >= failing) return { kind: 'done', answer: `task ${number}` };
  switch (how) {
    case 'exits':
      process.exit(7);
      break;
    case 'throws':
      // Not in the task, whose errors are caught, but in the thread.
      setTimeout(() => {
        throw new Error('a thread that breaks');
      });
      return new Promise(() => {});
    case 'runs out of memory': {
      const kept: object[][] = [];
      for (;;) kept.push(new Array(1e6).fill(kept));
    }
    case 'says so':
      return { kind: 'broken', message: 'memory access out of bounds' };
    case 'is at fault':
      return { kind: 'failed', name: 'InputError', message: 'there is no such example', stack: 'a stack' };
  }
}
