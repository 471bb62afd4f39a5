/** Times tasks in rounds: each task once per round, so that a machine that grows slower slows all of them alike. */
import { nextTurn } from '../next-turn.ts';

export interface Task {
  run(): Promise<void>;
}

export interface RoundOptions {
  readonly rounds: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** A turn runs its task again until so many milliseconds have passed, and takes the mean: a clock says little of a single short call. */
  readonly turnMs: number;
  /** A task that took longer in its first round, in milliseconds, is not run again. */
  readonly onceAbove: number;
  /** Ends the rounds after the task that runs. */
  readonly signal?: AbortSignal | undefined;
  /** After each turn; `done` of `total` turns, those that are left out counted as done. */
  readonly onTurn?: ((done: number, total: number) => void) | undefined;
}

/** Runs a task until so many milliseconds have passed, once at least; returns the mean of its calls in milliseconds. */
export async function meanTime(task: Task, { turnMs, now }: Pick<RoundOptions, 'turnMs' | 'now'>): Promise<number> {
  const began = now();
  for (let calls = 1; ; calls++) {
    await task.run();
    const took = now() - began;
    if (took >= turnMs) return took / calls;
  }
}

/** Milliseconds of a call of each task, in the order of the rounds. Each round begins with another task, so that none always follows the same one. */
export async function runRounds(
  tasks: readonly Task[],
  options: RoundOptions,
): Promise<readonly (readonly number[])[]> {
  const { rounds, onceAbove, signal, onTurn } = options;
  const times = tasks.map((): number[] => []);
  const total = rounds * tasks.length;
  let done = 0;
  for (let round = 0; round < rounds; round++) {
    for (const index of rotated(tasks.length, round)) {
      const [task, own] = [tasks[index], times[index]];
      if (task === undefined || own === undefined) continue;
      const [first = 0] = own;
      if (first <= onceAbove) {
        // A signal is heard between two turns of the event loop only.
        await nextTurn();
        if (signal?.aborted === true) return times;
        own.push(await meanTime(task, options));
      }
      onTurn?.(++done, total);
    }
  }
  return times;
}

/** The numbers below `count`, from `start` on. */
const rotated = (count: number, start: number): number[] =>
  Array.from({ length: count }, (_, index) => (start + index) % count);
