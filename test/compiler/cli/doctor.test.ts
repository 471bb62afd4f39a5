import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { examineMachine, type Findings } from '../../../compiler/cli/doctor/examine-machine.ts';
import { printFindings } from '../../../compiler/cli/doctor/print-findings.ts';
import { runCommandLine } from '../../../compiler/cli/run-command-line.ts';
import { probes } from '../../../runtime/backend/arithmetic/probe-list.ts';

// Processes of what is built: see doctor/survey.long.test.ts.
vi.mock('../../../compiler/cli/doctor/survey-backends.ts', () => ({ surveyBackends: async () => [] }));

let printed: { out: string; err: string };
beforeEach(() => {
  printed = { out: '', err: '' };
  for (const [stream, to] of [
    [process.stdout, 'out'],
    [process.stderr, 'err'],
  ] as const)
    vi.spyOn(stream, 'write').mockImplementation(text => {
      printed[to] += text;
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

describe('dualc doctor', () => {
  it('prints one JSON object with the backend, the self-test and the places of the data', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'dualc-doctor-'));
    mkdirSync(path.join(folder, 'mnist'));
    expect(await runCommandLine(['doctor', '--json', '--backend', 'wasm', '--data-dir', folder])).toBe(0);
    rmSync(folder, { recursive: true });
    const findings = JSON.parse(printed.out) as Findings & { schema: number };
    expect(findings).toMatchObject({ schema: 1, sound: true, tfjs: '4.22.0', node: process.versions.node });
    expect(findings.backend).toMatchObject({ name: 'wasm', simd: true, threads: 1 });
    expect(findings.selfTest.results.map(result => result.name)).toEqual(probes.map(({ name }) => name));
    expect(findings.tfjsCopies).toHaveLength(1);
    expect(findings.tfjsCopies[0]?.usedBy).toEqual(expect.arrayContaining(['dualc', '@tensorflow/tfjs-backend-wasm']));
    expect(findings.data.mnist?.[0]).toEqual({ folder: path.join(folder, 'mnist'), exists: true });
    expect(printed.err).toBe('');
  });

  it('prints the same for people', async () => {
    expect(await runCommandLine(['doctor', '--backend', 'cpu'])).toBe(0);
    expect(printed.out).toContain('backend         cpu: plain JavaScript, slow, 1 thread (--backend asks for it)');
    for (const { name } of probes) expect(printed.out).toMatch(new RegExp(`${name} +│ .* ok`));
    expect(printed.out).toContain('The backend computes as a certificate assumes');
    expect(printed.out).toMatch(/largest error of a quotient +│ 1\.00 u/);
    expect(printed.out).toMatch(/results below 2⁻¹²⁶ +│ kept/);
    expect(printed.out).toMatch(/maximum\(2, NaN\) +│ NaN/);
    expect(printed.out).not.toContain('several copies');
  });

  it('shows what is wrong: a case that failed, copies that would not know one another', async () => {
    const findings = await examineMachine({ backend: 'cpu', measure: false });
    const { selfTest } = findings;
    const problem = 'conv2d [1, 4, 5, 2] · [3, 2, 2, 3], entry 7: 1 in place of 2, 250 times the allowed error';
    const wrong = { ...selfTest.results[0]!, share: 250, passed: false, problem, remedy: 'sit on the GPU' };
    const text = printFindings({
      ...findings,
      sound: false,
      selfTest: { ...selfTest, passed: false, results: [wrong, ...selfTest.results.slice(1)] },
      tfjsCopies: [
        ...findings.tfjsCopies,
        { folder: '/other/tfjs-core', version: '4.21.0', usedBy: ['@tensorflow/tfjs-node'] },
      ],
    });
    expect(text).toMatch(/convolution, kernel not square +│ +25000 % │ γ\(n\+1\) of Σ\|a·b\| +│ WRONG/);
    expect(text).toContain('The backend does not compute as a certificate assumes');
    expect(text).toContain(`convolution, kernel not square: ${problem}\n    assumed: every entry`);
    expect(text).toContain('\n    sit on the GPU\n');
    expect(text).toContain('4.21.0  /other/tfjs-core  (@tensorflow/tfjs-node)');
  });

  it('exits with 3 when the backend is not sound', async () => {
    const machine = await import('../../../compiler/cli/doctor/examine-machine.ts');
    const findings = await machine.examineMachine({ backend: 'cpu', measure: false });
    vi.doMock('../../../compiler/cli/doctor/examine-machine.ts', () => ({
      examineMachine: async () => ({ ...findings, sound: false }),
    }));
    expect(await runCommandLine(['doctor', '--json'])).toBe(3);
    vi.doUnmock('../../../compiler/cli/doctor/examine-machine.ts');
  });
});

describe('the global options', () => {
  it('--quiet silences what is said, and only that', async () => {
    const { say } = await import('../../../compiler/cli/say.ts');
    await runCommandLine(['doctor', '--backend', 'cpu', '--json', '--quiet']);
    say('unheard');
    expect(printed.out).toContain('"sound":true');
    await runCommandLine(['doctor', '--backend', 'cpu', '--json']);
    say('heard');
    expect(printed.err).toBe('heard\n');
  });

  it('--no-color sets NO_COLOR for all that prints', async () => {
    vi.stubEnv('NO_COLOR', undefined);
    vi.stubEnv('FORCE_COLOR', '1');
    await runCommandLine(['--no-color', 'doctor', '--backend', 'cpu', '--json']);
    expect(process.env.NO_COLOR).toBe('1');
    expect(process.env.FORCE_COLOR).toBeUndefined();
    vi.unstubAllEnvs();
  });
});
