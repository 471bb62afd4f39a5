/** Threads that do tasks. A thread that dies loses its task, which a fresh one does again. */
import { Piscina } from 'piscina';
import { EnvironmentError } from '../errors.ts';
import { errorFrom, type Reply } from './reply.ts';

export interface WorkerPool<Task, Answer> {
  /** Threads that work at once. */
  readonly workers: number;
  /**
   * Has a task done. `about` names it for people, `examples 64 to 95`. Raises what the task does; a thread that dies, or in which the
   * backend breaks down, is no such error but leaves the task to be done again: raises `EnvironmentError` when that
   * happens three times to the same task.
   */
  run(task: Task, about: string): Promise<Answer>;
  /** Ends all threads, in the middle of what they do. */
  close(): Promise<void>;
}

export interface PoolOptions {
  /** A module of JavaScript whose default export does a task and returns a `Reply`; `workerData` of Node gives it `data`. */
  readonly file: URL;
  readonly workers: number;
  /** What every thread is given when it starts: anything that can be cloned. */
  readonly data: unknown;
}

const tries = 3;

export function startPool<Task, Answer>({ file, workers, data }: PoolOptions): WorkerPool<Task, Answer> {
  const pool = new Piscina({
    filename: file.href,
    // Started by their first task: Node 20 aborts when a thread is ended that is still loading its modules, as where nothing gets to be computed.
    minThreads: 0,
    idleTimeout: Number.POSITIVE_INFINITY,
    maxThreads: workers,
    workerData: data,
    // A thread that sleeps in an atomic wait could neither write what it has to say nor end by itself.
    atomics: 'disabled',
    recordTiming: false,
  });
  // Of a thread that has no task: it is replaced, and nothing is lost.
  pool.on('error', () => {});
  let isClosed = false;

  const attempt = async (task: Task): Promise<Reply<Answer>> => {
    try {
      return (await pool.run(task)) as Reply<Answer>;
    } catch (error) {
      if (isClosed) throw error;
      return { kind: 'broken', message: error instanceof Error ? error.message : String(error) };
    }
  };
  return {
    workers,
    async run(task, about) {
      let last = '';
      for (let round = 0; round < tries; round++) {
        const reply = await attempt(task);
        if (reply.kind === 'done') return reply.answer;
        if (reply.kind === 'failed') throw errorFrom(reply);
        last = reply.message;
      }
      throw new EnvironmentError(
        `${about}: a worker broke down in them ${tries} times, at last with: ${last}. ` +
          'Take fewer examples at a time (--batch), fewer workers (--workers), or another --backend',
      );
    },
    async close() {
      isClosed = true;
      await pool.destroy();
    },
  };
}
