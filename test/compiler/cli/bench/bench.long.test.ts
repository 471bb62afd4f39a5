import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackendBench, BenchReport, BenchRow } from '../../../../compiler/cli/bench/bench-report.ts';
import { certifying, training } from '../../../../compiler/cli/bench/strategies.ts';
import { makeWorkplace, type Workplace } from '../../../support/command-line.ts';
import { dualcProcess, startDualc } from '../../../support/dualc-process.ts';

const tiny = `import { conv2d, dense, flatten, input, linf, network, relu } from 'dualc';
const image = input([6, 6, 1]);
const relu1 = relu(conv2d(image, { filters: 2, kernelSize: 3 }));
const relu2 = relu(conv2d(relu1, { filters: 3, kernelSize: 3 }));
const logits = dense(flatten(relu2), { units: 3 });
export default network({ input: image, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
`;

let place: Workplace;
beforeAll(() => {
  place = makeWorkplace();
  place.write('tiny.arch.ts', tiny);
});
afterAll(() => place.remove());

const quick = ['--backend', 'wasm', '--repeat', '1', '--json'];

async function bench(...args: string[]): Promise<{ report: BenchReport; rows: readonly BenchRow[]; err: string }> {
  const { code, out, err } = await dualcProcess(place.folder, ['bench', 'tiny.arch.ts', ...quick, ...args]);
  expect(code, err).toBe(0);
  const report = JSON.parse(out) as BenchReport;
  return { report, rows: (report.backends[0] as BackendBench).rows, err };
}

describe('dualc bench', () => {
  it('has a row for every function, strategy and batch, each measured or refused with a reason', async () => {
    const { report, rows, err } = await bench('--batch', '1,3');
    expect(report).toMatchObject({
      schema: 1,
      architecture: 'tiny.arch.ts',
      epsilon: 0.1,
      rounds: 1,
      clock: 'wall',
      complete: true,
    });
    expect(report.weights).toBe('first weights (he), seed 0');
    expect(report.images).toBe('random images, uniform in [0, 1], seed 0');
    const expected = [
      'forward null',
      ...certifying.map(name => `bounds ${name}`),
      ...certifying.map(name => `certify ${name}`),
      ...training.map(name => `train ${name}`),
    ].flatMap(row => [`${row} 1`, `${row} 3`]);
    expect(rows.map(({ what, strategy, batch }) => `${what} ${strategy} ${batch}`)).toEqual(expected);
    for (const row of rows) {
      expect(row.refused === null).toBe(row.msPerExample !== null);
      if (row.msPerExample === null) continue;
      const { min, median, max, runs } = row.msPerExample;
      expect(runs).toBe(1);
      expect(min).toBeGreaterThan(0);
      expect([min <= median, median <= max]).toEqual([true, true]);
      expect(row.peakBytes).toBeLessThanOrEqual(row.plannedBytes);
      // Plans hold for any batch: rows that examples share are laid out anew for a product, those of a single one are its own.
      if (row.batch > 1) expect(row.peakBytes).toBeGreaterThan(0.5 * row.plannedBytes);
      expect(row.predictedMsPerExample).toBeGreaterThan(0);
      expect(row.gflops).toBeGreaterThan(0);
    }
    expect(err).toContain('peak ÷ planned');
    expect(err).toContain('backend wasm');
  });

  it('measures a schedule once that two strategies share', async () => {
    const args = ['--batch', '2', '--strategies', 'scheduled,patches,backward', '--clock', 'processor'];
    const { report, rows } = await bench(...args);
    expect(report.clock).toBe('processor');
    const certify = rows.filter(({ what }) => what === 'certify');
    const schedules = new Map(certify.map(row => [row.schedule.join(), row.strategy]));
    for (const { schedule, strategy, refused } of certify) {
      const other = certify.find(row => row.schedule.join() === schedule.join());
      expect(refused).toBe(other?.strategy === strategy ? null : `is the same schedule as ${other?.strategy}`);
    }
    expect(schedules.size).toBeGreaterThan(1);
  });

  it('refuses rows that would not fit or not end, and says so', async () => {
    const { rows } = await bench('--batch', '3', '--strategies', 'interval', '--memory', '1MB');
    expect(rows).not.toHaveLength(0);
    for (const { refused, peakBytes } of rows) {
      expect(refused).toMatch(/^would take \d.* of tensors beside .*, more than the 977 KiB of --memory$/);
      expect(peakBytes).toBeNull();
    }
    const slow = await bench('--batch', '3', '--strategies', 'interval', '--longest', '1e-9');
    expect(slow.rows.map(({ refused }) => refused)).toContainEqual(
      'would take some 1 s a call, more than --longest 1e-9',
    );
  });

  it('refuses images of another shape, and weights that are not there', async () => {
    const few = [...quick, '--strategies', 'natural', '--batch', '1'];
    const digits = await dualcProcess(place.folder, ['bench', 'tiny.arch.ts', ...few, '--data', 'digits']);
    expect(digits.err).toContain('digits');
    expect(digits.code).toBe(1);
    const weights = await dualcProcess(place.folder, [
      'bench',
      'tiny.arch.ts',
      ...few,
      '--weights',
      'none.safetensors',
    ]);
    expect(weights.err).toContain('none.safetensors');
    expect(weights.code).toBe(1);
  });

  it('ends with what it has when it is interrupted', async () => {
    const args = [
      'bench',
      'tiny.arch.ts',
      '--backend',
      'wasm',
      '--strategies',
      'interval',
      '--json',
      '--repeat',
      '9999',
    ];
    const running = startDualc(place.folder, args);
    await running.shows('backend wasm');
    running.child.kill('SIGINT');
    const { code, out, err } = await running.ended;
    expect(code, err).toBe(130);
    const { complete, backends } = JSON.parse(out) as BenchReport;
    expect(complete).toBe(false);
    const { rows } = backends[0] as BackendBench;
    expect(rows).toHaveLength(2 * 4);
    for (const row of rows)
      if (row.msPerExample === null) expect(row.refused).toBe('was interrupted before it was timed');
    expect(err).toContain('interrupted: fewer rounds');
  });

  it('measures several backends, each in a process of its own', async () => {
    const args = ['bench', 'tiny.arch.ts', '--strategies', 'natural', '--batch', '2', '--repeat', '1', '--json'];
    const { code, out, err } = await dualcProcess(place.folder, [...args, '--backend', 'wasm,cpu']);
    expect(code, err).toBe(0);
    const { backends } = JSON.parse(out) as { backends: BackendBench[] };
    expect(backends.map(({ name }) => name)).toEqual(['wasm', 'cpu']);
    for (const { rows } of backends) expect(rows.map(({ what }) => what)).toEqual(['forward', 'train']);
    // The compiler has no rates of it.
    expect(backends[1]!.rows[0]!.predictedMsPerExample).toBeNull();
  });

  it('refuses what it cannot read', async () => {
    for (const [args, text] of [
      [['--strategies', 'exacct'], "there is no strategy 'exacct'"],
      [['--backend', 'webgl'], "there is no backend 'webgl'"],
      [['--batch', '1,x'], 'It must be a whole number'],
    ] as const) {
      const { code, err } = await dualcProcess(place.folder, ['bench', 'tiny.arch.ts', ...args]);
      expect(err).toContain(text);
      expect(code).toBe(2);
    }
  });
});
