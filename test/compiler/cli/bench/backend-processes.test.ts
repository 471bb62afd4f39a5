import { describe, expect, it } from 'vitest';
import { benchBackends, type RunOne, readBackends } from '../../../../compiler/cli/bench/backend-processes.ts';
import type { BenchReport } from '../../../../compiler/cli/bench/bench-report.ts';

const report = (name: string, complete = true): BenchReport => ({
  schema: 1,
  dualc: '0',
  node: '20',
  cores: 2,
  architecture: 'a.arch.ts',
  sourceHash: '',
  weights: 'w',
  images: 'i',
  epsilon: 0.1,
  norm: 'linf',
  rounds: 3,
  clock: 'wall',
  complete,
  backends: [{ name, reason: 'planted', threads: 1, matMul: null, rows: [] }],
});

/** Answers by the name of the backend, and remembers what was run. */
function planted(answers: Readonly<Record<string, { code: number; report?: BenchReport }>>) {
  const ran: string[][] = [];
  const run: RunOne = async args => {
    ran.push([...args]);
    const { code, report } = answers[args[args.indexOf('--backend') + 1]!]!;
    return { code, out: report === undefined ? '' : JSON.stringify(report) };
  };
  return { ran, run };
}

describe('readBackends', () => {
  it('reads one, several, or all that are meant to be fast', () => {
    expect(readBackends('wasm')).toEqual(['wasm']);
    expect(readBackends('cpu, wasm,cpu')).toEqual(['cpu', 'wasm']);
    expect(readBackends('all')).toEqual(['native-gpu', 'native', 'webgpu', 'wasm']);
  });

  it('refuses a name that is none', () => {
    expect(() => readBackends('wasm,webgl')).toThrow("--backend: there is no backend 'webgl'");
  });
});

describe('benchBackends', () => {
  it('runs one process for each, and puts their reports together', async () => {
    const { ran, run } = planted({
      wasm: { code: 0, report: report('wasm') },
      cpu: { code: 0, report: report('cpu') },
    });
    const all = await benchBackends(['wasm', 'cpu'], ['a.arch.ts', '--repeat', '3'], run);
    expect(ran).toEqual([
      ['bench', 'a.arch.ts', '--repeat', '3', '--backend', 'wasm', '--json'],
      ['bench', 'a.arch.ts', '--repeat', '3', '--backend', 'cpu', '--json'],
    ]);
    expect(all).toEqual({ ...report('wasm'), backends: [...report('wasm').backends, ...report('cpu').backends] });
  });

  it('names a backend that does not load, and goes on', async () => {
    const { run } = planted({ native: { code: 3 }, wasm: { code: 0, report: report('wasm') } });
    const all = await benchBackends(['native', 'wasm'], [], run);
    expect(all.backends).toEqual([
      { name: 'native', problem: 'not measured: its process ended with 3, for the reason above' },
      ...report('wasm').backends,
    ]);
    expect(all.complete).toBe(true);
  });

  it('fails when none was measured', async () => {
    const { run } = planted({ native: { code: 3 }, wasm: { code: 3 } });
    await expect(benchBackends(['native', 'wasm'], [], run)).rejects.toThrow('none of native, wasm was measured');
  });

  it('stops with what it has when a process was interrupted', async () => {
    const { ran, run } = planted({
      wasm: { code: 130, report: report('wasm', false) },
      cpu: { code: 0, report: report('cpu') },
    });
    const all = await benchBackends(['wasm', 'cpu'], [], run);
    expect(ran).toHaveLength(1);
    expect(all).toEqual(report('wasm', false));
  });
});
