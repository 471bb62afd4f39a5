/** `--workers` from the command line to the files, with the program as it was built. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dualcProcess, type Ended, startDualc } from '../../support/dualc-process.ts';

const architecture = `import { dense, input, linf, network, relu } from 'dualc';
const point = input([2]);
const hidden = relu(dense(relu(dense(point, { units: 12 })), { units: 12 }));
export default network({ input: point, output: dense(hidden, { units: 2 }), ball: linf({ epsilon: 0.05, box: null }) });
`;

let folder: string;
const dualc = (...args: string[]): Promise<Ended> => dualcProcess(folder, args);
const evaluate = (command: 'certify' | 'attack', ...args: string[]): Promise<Ended> =>
  dualc(command, 'net.arch.ts', '--run', 'run', '--backend', 'wasm', '--limit', '40', '--json', ...args);

/** What does not depend on the clock, nor on how many worked. */
function reported({ out }: Ended): Record<string, unknown> {
  const { secondsPerExample: _, workers: __, ...report } = JSON.parse(out) as Record<string, unknown>;
  return report;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dualc-workers-'));
  writeFileSync(path.join(folder, 'net.arch.ts'), architecture);
  const asked = ['--data', 'two-moons', '--limit', '200', '--epochs', '2', '--backend', 'wasm', '--out', 'run'];
  const { code, err } = await dualc('train', 'net.arch.ts', ...asked);
  expect(code, err).toBe(0);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(['certify', 'attack'] as const)('dualc %s', command => {
  it('gives the same numbers and files with two workers as with one', async () => {
    const one = await evaluate(command, '--workers', '1', '--save', 'one.safetensors');
    const two = await evaluate(command, '--workers', '2', '--save', 'two.safetensors');
    expect(two.code, two.err).toBe(0);
    expect(JSON.parse(one.out)).toMatchObject({ workers: 1 });
    expect(JSON.parse(two.out)).toMatchObject({ workers: 2 });
    expect(reported(two)).toEqual(reported(one));
    const read = (name: string): Buffer => readFileSync(path.join(folder, name));
    expect(read('two.safetensors').equals(read('one.safetensors'))).toBe(true);
    expect(two.err).toContain('2 workers');
    expect(one.err).not.toContain('worker');
  });
});

it('a job of few batches has no more workers than batches, and says so; by default none but this thread', async () => {
  const many = await evaluate('certify', '--workers', '9', '--batch', '20');
  expect(many.err).toContain('2 workers: there are no more batches');
  expect(JSON.parse(many.out)).toMatchObject({ workers: 2, examples: 40 });
  expect(JSON.parse((await evaluate('certify')).out)).toMatchObject({ workers: 1 });
});

it('shares the memory, and refuses what does not hold an example for each', async () => {
  const { code, err } = await evaluate('certify', '--workers', '4', '--memory', '4kB');
  expect(code).toBe(1);
  expect(err).toMatch(/more than the 3.91 KiB of --memory, 0.977 KiB for each of 4 workers: give it more/);
});

describe('dualc train', () => {
  const train = (out: string, ...args: string[]): Promise<Ended> => {
    const about = ['--data', 'two-moons', '--limit', '100', '--epochs', '2', '--bounds', 'interval:1,sketch:1'];
    return dualc('train', 'net.arch.ts', ...about, '--backend', 'wasm', '--out', out, ...args);
  };
  const weights = (run: string): Buffer => readFileSync(path.join(folder, run, 'weights.safetensors'));

  it('gives the same bits again with as many workers, and nearly those of one', async () => {
    for (const [out, count] of [
      ['alone', 1],
      ['shared', 2],
      ['again', 2],
    ] as const) {
      const { code, err } = await train(out, '--workers', String(count));
      expect(code, err).toBe(0);
      expect(err.includes('2 workers share each batch')).toBe(count === 2);
    }
    expect(weights('again').equals(weights('shared'))).toBe(true);
    expect(weights('shared').equals(weights('alone'))).toBe(false);
    const [alone, shared] = ['alone', 'shared'].map(run => lastMetrics(run));
    expect(shared!.naturalError).toBe(alone!.naturalError);
    expect(shared!.naturalCrossEntropy).toBeCloseTo(alone!.naturalCrossEntropy!, 4);
    expect(shared!.robustCrossEntropy).toBeCloseTo(alone!.robustCrossEntropy!, 4);
  });

  it('goes on with the workers that a run began with, or with others that are asked for', async () => {
    rmSync(path.join(folder, 'again', 'weights.safetensors'));
    const resumed = await dualc('train', 'net.arch.ts', '--resume', '--out', 'again');
    expect(resumed.code, resumed.err).toBe(0);
    expect(resumed.err).toContain('2 workers share each batch');
    const other = await dualc('train', 'net.arch.ts', '--resume', '--out', 'again', '--workers', '1');
    expect(other.code, other.err).toBe(0);
    expect(other.err).toContain('the run began with 2 workers; with 1 it will not end with the same bits');
  });

  it('stops at Ctrl-C with a checkpoint, and says how to go on', async () => {
    const about = [
      '--data',
      'two-moons',
      '--epochs',
      '1000',
      '--bounds',
      'interval',
      '--backend',
      'wasm',
      '--workers',
      '2',
    ];
    const running = startDualc(folder, ['train', 'net.arch.ts', ...about, '--out', 'cut']);
    await running.shows('epoch 1/1000');
    running.child.kill('SIGINT');
    const { code, err } = await running.ended;
    expect(code, err).toBe(130);
    expect(err).toMatch(/go on with\n {2}.*--resume.*--workers 2/);
    expect(existsSync(path.join(folder, 'cut', 'checkpoint.safetensors'))).toBe(true);
  });

  function lastMetrics(run: string): Record<string, number> {
    const lines = readFileSync(path.join(folder, run, 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n');
    return JSON.parse(lines.at(-1)!) as Record<string, number>;
  }
});

it('0 workers are refused', async () => {
  const { code, err } = await evaluate('attack', '--workers', '0');
  expect(code).toBe(2);
  expect(err).toContain('at least 1');
});
