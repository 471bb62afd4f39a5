/** Hands the blocks out to worker processes and collects the answers, in whatever order they come. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Numbered } from './run-log.ts';

/** What was answered before is in the log; the same command goes on from there. */
export class WorkerEndedError extends Error {
  override readonly name = 'WorkerEndedError';
}

/**
 * `workerFile` answers each order that it is sent as a message with a message.
 * Resolves when every order is answered or `onAnswer` says to stop.
 * Rejects with `WorkerEndedError` when a worker ends before its answer, as it does when the machine has no memory left for it.
 */
export async function runBlocks<Order extends Numbered, Answer>(
  workerFile: string,
  orders: readonly Order[],
  workers: number,
  onAnswer: (answer: Answer) => 'go on' | 'stop',
): Promise<void> {
  const waiting = orders.values();
  const children: ChildProcess[] = [];
  try {
    await Promise.all(Array.from({ length: Math.min(workers, orders.length) }, () => serve()));
  } finally {
    for (const child of children) child.kill();
  }

  /** One worker, as long as there are orders. */
  function serve(): Promise<void> {
    // Options of this process, among them the loader of TypeScript, are passed on.
    const child = fork(workerFile);
    children.push(child);
    return new Promise((resolve, reject) => {
      let current: Order | undefined;
      const sendNext = (): void => {
        current = waiting.next().value;
        if (current === undefined) child.disconnect();
        else child.send(current);
      };
      child.on('message', (answer: Answer) => {
        if (onAnswer(answer) === 'stop') for (const _ of waiting);
        sendNext();
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        if (current === undefined) resolve();
        else
          reject(
            new WorkerEndedError(
              `a worker ended with ${signal ?? `code ${code}`} in block ${current.number}; the same command goes on from there`,
            ),
          );
      });
      sendNext();
    });
  }
}
