/** Processes of what was built last: `npm run build` comes before the tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Findings } from '../../../../compiler/cli/doctor/examine-machine.ts';
import { backendNames } from '../../../../runtime/backend/backend-name.ts';
import { dualcProcess } from '../../../support/dualc-process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dualc-survey-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function findings(...flags: string[]): Promise<Findings> {
  const { code, out, err } = await dualcProcess(folder, ['doctor', '--json', '--quiet', ...flags]);
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out) as Findings;
}

describe('dualc doctor, of all backends', () => {
  it('has each, measures those that load, and says why others do not and how to get them', async () => {
    const { backends, backend, memory } = await findings();
    expect(backends.map(({ name }) => name)).toEqual(backendNames);
    expect(backends.filter(({ chosen }) => chosen).map(({ name }) => name)).toEqual([backend.name]);
    for (const { loads, about, threads, speed } of backends) {
      expect(about.length).toBeGreaterThan(0);
      if (loads) {
        expect(threads).toBeGreaterThanOrEqual(1);
        for (const figure of Object.values(speed!)) expect(figure).toBeGreaterThan(0);
      } else expect([threads, speed]).toEqual([null, null]);
    }
    expect(backends.filter(({ loads }) => loads).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['wasm', 'cpu']),
    );
    // No test sees what was built on the machine.
    const native = backends.find(({ name }) => name === 'native')!;
    if (!native.loads && process.platform === 'linux' && process.arch === 'x64')
      expect(native).toMatchObject({
        about: expect.stringContaining('not installed'),
        command: 'npx dualc setup native',
      });
    expect(memory.totalBytes).toBe(os.totalmem());
  });

  it('measures nothing with --no-measure', async () => {
    const { backends } = await findings('--no-measure', '--backend', 'cpu');
    expect(backends.map(({ speed }) => speed)).toEqual(backendNames.map(() => null));
    expect(backends.find(({ name }) => name === 'wasm')).toMatchObject({ loads: true, chosen: false });
    expect(backends.find(({ name }) => name === 'cpu')).toMatchObject({ loads: true, chosen: true });
  });
});
