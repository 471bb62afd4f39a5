/** `dualc import` from flags to file; the architecture it loads is stood in for. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { importCommand } from '../../../compiler/cli/import.ts';
import { InputError } from '../../../runtime/errors.ts';
import { expected, fixture } from '../../runtime/import/fixture-files.ts';

vi.mock('../../../compiler/cli/load-model.ts', async () => {
  const { fixtureNet } = await import('../../runtime/weights/net-meta.ts');
  return { loadModel: async () => ({ meta: fixtureNet }) };
});

let folder: string;
let printed: { out: string; err: string };
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'dualc-import-'));
  printed = { out: '', err: '' };
  const listen = (to: 'out' | 'err') => (text: string | Uint8Array) => {
    printed[to] += text;
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(listen('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(listen('err'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const output = (): string => path.join(folder, 'w.safetensors');
const run = (file: string, ...flags: string[]): Promise<unknown> =>
  importCommand()
    .exitOverride()
    .parseAsync([fixture(file), ...flags], { from: 'user' });
const usual = (): string[] => ['--arch', 'fixture.arch.ts', '--layout', 'pytorch', '-o', output()];

describe('dualc import', () => {
  it('writes the weights, shows the mapping to people, and prints it as JSON', async () => {
    await run('bare.legacy.pth', ...usual(), '--json');
    expect(printed.err).toMatch(/0\.weight +│ 3 × 2 × 2 × 3 +│ conv1\.weight +│ 2 × 3 × 2 × 3/);
    expect(printed.err).toMatch(/read .*bare\.legacy\.pth \(PyTorch \(older stream\)\), saved .*w\.safetensors/);
    const report = JSON.parse(printed.out);
    expect(report).toMatchObject({
      schemaVersion: 1,
      format: 'PyTorch (older stream)',
      layout: 'pytorch',
      output: output(),
      notes: [],
    });
    expect(report.mapping[0]).toEqual({
      from: '0.weight',
      fromShape: [3, 2, 2, 3],
      to: 'conv1.weight',
      toShape: [2, 3, 2, 3],
    });
    expect(report.mapping).toHaveLength(Object.keys(expected.net.tensors).length);
  });

  it('writes the same bytes from either format', async () => {
    await run('bare.legacy.pth', ...usual());
    const legacy = await readFile(output());
    await run('bare.zip.pth', ...usual());
    expect(await readFile(output())).toEqual(legacy);
    expect(printed.out).toBe('');
  });

  it('takes --stage, and --map more than once', async () => {
    await run('stages.zip.pth', ...usual(), '--stage', '2', '--map', '7=logits', '--map', '9=dense2', '--json');
    const { mapping } = JSON.parse(printed.out) as { mapping: { from: string; to: string }[] };
    expect(mapping.slice(6).map(({ from, to }) => `${from} ${to}`)).toEqual([
      '9.weight dense2.weight',
      '9.bias dense2.bias',
      '7.weight logits.weight',
      '7.bias logits.bias',
    ]);
  });

  it('writes nothing when the file is refused', async () => {
    await expect(run('exploit.zip.pth', ...usual())).rejects.toThrow(InputError);
    await expect(run('stages.zip.pth', ...usual())).rejects.toThrow(/choose one with --stage/);
    expect(existsSync(output())).toBe(false);
  });

  it.each([
    [['--layout', 'pytorch', '-o', 'x'], /required option '--arch <arch>' not specified/],
    [['--arch', 'a.arch.ts', '-o', 'x'], /required option '--layout <layout>' not specified/],
    [['--arch', 'a.arch.ts', '--layout', 'tfjs'], /required option '--output <file>' not specified/],
    [['--layuot', 'pytorch'], /unknown option '--layuot'/],
    [['--map', 'a'], /It has the form old=new/],
    [['--map', 'a=b', '--map', 'a=c'], /a is mapped twice/],
  ])('explains wrong usage: %j', async (flags, message) => {
    await expect(run('bare.zip.pth', ...flags)).rejects.toThrow(message);
  });
});
