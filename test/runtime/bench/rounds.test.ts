import { describe, expect, it } from 'vitest';
import { meanTime, type RoundOptions, runRounds, type Task } from '../../../runtime/bench/rounds.ts';

/** A clock that only tasks move, and tasks that write down when they run. */
function planted() {
  let time = 0;
  const ran: string[] = [];
  const task = (name: string, ...costs: readonly number[]): Task => {
    let calls = 0;
    return {
      async run() {
        ran.push(name);
        time += costs[Math.min(calls++, costs.length - 1)] ?? 0;
      },
    };
  };
  const options = { rounds: 3, turnMs: 0, onceAbove: 1000, now: () => time } satisfies RoundOptions;
  return { ran, task, options };
}

describe('runRounds', () => {
  it('times each task once in each round, and begins each round with another', async () => {
    const { ran, task, options } = planted();
    const times = await runRounds([task('a', 1, 2, 3), task('b', 10), task('c', 100)], options);
    expect(ran.join('')).toBe('abcbcacab');
    expect(times).toEqual([
      [1, 2, 3],
      [10, 10, 10],
      [100, 100, 100],
    ]);
  });

  it('runs what took too long once only, and counts its other turns as done', async () => {
    const { ran, task, options } = planted();
    const done: string[] = [];
    const onTurn = (count: number, total: number): void => void done.push(`${count}/${total}`);
    const times = await runRounds([task('a', 1), task('b', 1001)], { ...options, rounds: 2, onTurn });
    expect(ran.join('')).toBe('aba');
    expect(times).toEqual([[1, 1], [1001]]);
    expect(done).toEqual(['1/4', '2/4', '3/4', '4/4']);
  });

  it('ends after the task that runs when it is told to, with what it has', async () => {
    const { task, options } = planted();
    const stop = new AbortController();
    const last: Task = {
      async run() {
        stop.abort();
      },
    };
    const times = await runRounds([task('a', 4), last, task('c', 5)], { ...options, signal: stop.signal });
    expect(times).toEqual([[4], [0], []]);
  });
});

describe('meanTime', () => {
  it('repeats a short call until the turn is over, and gives the time of one', async () => {
    const { ran, task, options } = planted();
    expect(await meanTime(task('a', 2, 2, 5), { ...options, turnMs: 8 })).toBe(3);
    expect(ran).toHaveLength(3);
  });

  it('calls once what takes as long as a turn', async () => {
    const { ran, task, options } = planted();
    expect(await meanTime(task('a', 50), { ...options, turnMs: 8 })).toBe(50);
    expect(ran).toHaveLength(1);
  });
});
