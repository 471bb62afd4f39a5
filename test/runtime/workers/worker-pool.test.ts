/** What becomes of a task whose thread dies. The deaths are real. */
import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../runtime/errors.ts';
import { startPool, type WorkerPool } from '../../../runtime/workers/worker-pool.ts';
import { bundled } from '../../support/workers/bundled.ts';
import type { FragileTask } from '../../support/workers/fragile-task.ts';

const file = bundled('fragile-task');
let tries: Int32Array;
let pool: WorkerPool<FragileTask, string> | undefined;
const start = (workers: number): void => {
  tries = new Int32Array(new SharedArrayBuffer(64));
  pool = startPool({ file, workers, data: tries });
};
afterEach(() => pool?.close());

const run = (number: number, failing: number, how: FragileTask['how']): Promise<string> =>
  pool!.run({ number, failing, how }, `batch ${number} (examples 8 to 15)`);

describe('a task whose worker', () => {
  it.each(['exits', 'throws', 'says so'] as const)('%s is done again', async how => {
    start(2);
    const answers = await Promise.all([run(0, 0, how), run(1, 1, how), run(2, 0, how), run(3, 2, how), run(4, 0, how)]);
    expect(answers).toEqual(['task 0', 'task 1', 'task 2', 'task 3', 'task 4']);
    expect([...tries.subarray(0, 5)]).toEqual([1, 2, 1, 3, 1]);
  });

  it.each([
    ['exits', 'exited with code: 7'],
    ['throws', 'a thread that breaks'],
    ['says so', 'memory access out of bounds'],
  ] as const)('%s three times is named in an error of the machine, and others go on', async (how, message) => {
    start(2);
    const [lost, done] = await Promise.allSettled([run(0, 9, how), run(1, 0, how)]);
    expect(done).toEqual({ status: 'fulfilled', value: 'task 1' });
    expect(lost).toMatchObject({ reason: { name: 'EnvironmentError' } });
    const text = String((lost as PromiseRejectedResult).reason);
    expect(text).toContain('batch 0 (examples 8 to 15)');
    expect(text).toContain(message);
    expect(tries[0]).toBe(3);
    expect(await run(2, 0, how)).toBe('task 2');
  });

  it('finds the task itself at fault is not done again, and the error keeps its class and stack', async () => {
    start(1);
    const error = await run(0, 9, 'is at fault').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ message: 'there is no such example', stack: 'a stack' });
    expect(tries[0]).toBe(1);
  });
});

it('a task whose worker runs out of memory is done again', () => {
  // In a process of its own, whose threads have little to fill.
  const built = new URL('../../../dist/runtime/workers/worker-pool.js', import.meta.url);
  const task: FragileTask = { number: 0, failing: 1, how: 'runs out of memory' };
  const program = `import { startPool } from '${built}';
    const tries = new Int32Array(new SharedArrayBuffer(64));
    const pool = startPool({ file: new URL('${file}'), workers: 1, data: tries });
    console.log(await pool.run(${JSON.stringify(task)}, 'batch 0'), 'after', tries[0]);
    await pool.close();`;
  const small = ['--max-old-space-size=100', '--input-type=module', '--eval', program];
  const { stdout, stderr } = spawnSync(process.execPath, small, { encoding: 'utf8' });
  expect(stdout, stderr).toBe('task 0 after 2\n');
});

it('a pool that is closed ends what its workers do', async () => {
  start(1);
  const endless = run(0, 9, 'throws').catch((reason: unknown) => reason);
  await pool!.close();
  expect(await endless).toBeInstanceOf(Error);
});
