/** Two trainings of one folder, and a reader beside one, as processes. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dualcProcess, type Running, startDualc } from '../../support/dualc-process.ts';

const network = `import { dense, input, linf, network, relu } from 'dualc';
const point = input([2]);
const relu1 = relu(dense(point, { units: 16 }));
export default network({ input: point, output: dense(relu1, { units: 2 }), ball: linf({ epsilon: 0.05 }) });
`;
const options = [
  '--data',
  'two-moons',
  '--limit',
  '300',
  '--batch',
  '10',
  '--bounds',
  'interval',
  '--metrics-every',
  '1',
];

let folder: string;
let running: Running[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dualc-two-'));
  running = [];
  writeFileSync(join(folder, 'net.arch.ts'), network);
});
afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]): Running {
  const process = startDualc(folder, args);
  running.push(process);
  return process;
}

const metrics = (): { per: string; updates: number }[] =>
  readFileSync(join(folder, 'run/metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { per: string; updates: number });

describe('dualc train', { timeout: 120_000 }, () => {
  it('lets no second process into its folder, and readers look on', async () => {
    const first = start('train', 'net.arch.ts', ...options, '--epochs', '5000', '--out', 'run');
    await first.shows('epoch 1/5000');
    const held = `^error: process ${first.child.pid} has been training in run since 2.*Z: wait until it ends, or choose another`;
    for (const more of [[...options], [...options, '--resume'], ['--resume']]) {
      const { code, err } = await dualcProcess(folder, ['train', 'net.arch.ts', ...more, '--out', 'run']);
      expect(code).toBe(3);
      expect(err).toMatch(new RegExp(held, 'm'));
    }
    const reader = await dualcProcess(folder, ['certify', 'net.arch.ts', '--run', 'run']);
    expect(reader.code).toBe(1);
    expect(reader.err).toContain('the run in run is not finished');

    first.child.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 130 });
    expect(readdirSync(join(folder, 'run')).sort()).toEqual(['checkpoint.safetensors', 'metrics.jsonl', 'run.json']);
    const steps = metrics().filter(({ per }) => per === 'step');
    expect(steps.map(({ updates }) => updates)).toEqual(steps.map((_, index) => index + 1));
  });

  it('takes over the folder of a run that was killed', async () => {
    const first = start('train', 'net.arch.ts', ...options, '--epochs', '5000', '--out', 'run');
    await first.shows('epoch 2/5000');
    first.child.kill('SIGKILL');
    await first.ended;
    expect(existsSync(join(folder, 'run/run.lock'))).toBe(true);
    const second = start('train', 'net.arch.ts', '--resume', '--out', 'run');
    await second.shows('epoch 4/5000');
    // The second Ctrl-C does not wait for the checkpoint.
    second.child.kill('SIGINT');
    second.child.kill('SIGINT');
    expect(await second.ended).toMatchObject({ code: 130 });
    expect(existsSync(join(folder, 'run/run.lock'))).toBe(false);
  });
});
