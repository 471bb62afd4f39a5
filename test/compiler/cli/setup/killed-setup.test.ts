/** Setups as processes: killed between steps, two at once. What they build is no addon, so that each ends when it is tried, if not before. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Ended, type Running, startDualc } from '../../../support/dualc-process.ts';
import { type FakeTool, type FakeTools, makeFakeTools } from '../../../support/fake-tools.ts';

const isSupported = process.platform === 'linux' && process.arch === 'x64';

let tools: FakeTools;
beforeEach(() => {
  tools = makeFakeTools();
  for (const [name, value] of Object.entries(tools.variables)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
  tools.remove();
});

const start = (...options: string[]): Running => startDualc(tools.folder, ['setup', 'native', ...options]);
const run = (...options: string[]): Promise<Ended> => start(...options).ended;
const failsToLoad = /error: TensorFlow was built and does not work: .*tfjs_binding\.node: file too short/;

/** The tool writes down that it was called, writes half of its file, and waits for a minute. */
async function killedIn(name: FakeTool): Promise<void> {
  const { length } = tools.calls();
  tools.tool(name, `for word; do if [ -d "$word" ]; then echo half > "$word/half.whl.tmp"; fi; done\nexec sleep 60`);
  const first = start();
  while (!tools.calls().slice(length).includes(name)) await wait(20);
  first.child.kill('SIGKILL');
  await first.ended;
  tools.repair(name);
}

/** A process that nobody waited for is there, and runs no more. */
const isRunning = (pid: number): boolean =>
  existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

describe.skipIf(!isSupported)('dualc setup native', { timeout: 60_000 }, () => {
  it('goes on where it was killed, and leaves no half of anything', async () => {
    await killedIn('npm');
    expect(tools.calls()).toEqual(['npm']);
    await killedIn('pip');
    expect(tools.calls()).toEqual(['npm', 'npm', 'npm', 'pip']);
    await killedIn('g++');
    expect(tools.calls().slice(4)).toEqual(['pip', 'g++']);
    expect(existsSync(tools.build)).toBe(false);
    const { code, err } = await run();
    expect(code).toBe(3);
    expect(err).toMatch(failsToLoad);
    expect(tools.calls().slice(6)).toEqual(['g++']);
    expect(readdirSync(path.join(tools.workplace, 'downloads')).toSorted()).toEqual([
      '_tensorflow_tfjs-node_4.22.0',
      'node-api-headers_1.9.0',
      'wheel',
    ]);
    expect(readdirSync(path.dirname(tools.build))).toEqual(['4.22.0-cpu.part']);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends by %s, and the program it waits for with it',
    async signal => {
      const number = path.join(tools.folder, 'number');
      tools.tool('pip', `echo $$ > ${number}\nexec sleep 60`);
      const { child, ended } = start();
      while (!existsSync(number) || readFileSync(number, 'utf8') === '') await wait(20);
      const pip = Number(readFileSync(number, 'utf8'));
      child.kill(signal);
      expect(await ended).toMatchObject({ signal, code: null });
      await vi.waitFor(() => expect(isRunning(pip)).toBe(false), { timeout: 10_000 });
      expect(readdirSync(path.dirname(tools.build))).toEqual(['4.22.0-cpu.part']);
    },
  );

  it('lets no second process to its build, neither to make nor to remove it', async () => {
    const stop = path.join(tools.folder, 'stop');
    tools.tool('pip', `while ! [ -e ${stop} ]; do sleep 0.05; done; exit 1`);
    const first = start();
    await first.shows('fetching TensorFlow');
    for (const options of [[], ['--remove']]) {
      const { code, err } = await run(...options);
      expect(code).toBe(3);
      expect(err).toMatch(
        new RegExp(
          `^error: process ${first.child.pid} has been at work on ${tools.build} since 2.*Z: wait until it ends`,
          'm',
        ),
      );
    }
    writeFileSync(stop, '');
    expect((await first.ended).code).toBe(3);
    expect(tools.calls().filter(name => name === 'pip')).toHaveLength(1);
    expect((await run('--remove')).code).toBe(0);
    expect(existsSync(path.dirname(tools.build))).toBe(false);
  });
});
