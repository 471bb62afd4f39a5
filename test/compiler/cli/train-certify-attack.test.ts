/** The three commands from flags to files, on the toy model and its data; the modules they load are stood in for. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attackCommand } from '../../../compiler/cli/attack.ts';
import { certifyCommand } from '../../../compiler/cli/certify.ts';
import { trainCommand } from '../../../compiler/cli/train.ts';
import { UsageError } from '../../../compiler/cli/usage-error.ts';
import type { Dataset, Split } from '../../../runtime/data/dataset.ts';
import { InputError } from '../../../runtime/errors.ts';
import { nativeThreads } from '../../../runtime/native/native-variables.ts';
import { readSafetensors } from '../../../runtime/weights/read-safetensors.ts';
import { breakDisk, faults } from '../../support/faulty-disk.ts';
import { anyBackend, onNative } from '../../support/run-on-backend.ts';

vi.mock('../../../compiler/cli/load-model.ts', async () => {
  const { toyMeta, toyModel } = await import('../../support/toy-model.ts');
  const loadModel = async (_: string, options: { norm?: 'linf' | 'l2'; box?: [number, number] | null }) =>
    toyModel({
      ball: { ...toyMeta.ball, norm: options.norm ?? 'linf', box: options.box === undefined ? [0, 1] : options.box },
    });
  return {
    loadModel,
    loadModule: async (...given: Parameters<typeof loadModel>) => ({ model: await loadModel(...given), source: null }),
  };
});
vi.mock('../../../runtime/data/load-dataset.ts', async () => {
  const { toyData } = await import('../../support/toy-model.ts');
  return {
    loadDataset: async (name: string, { split, limit = 120 }: { split: Split; limit?: number }): Promise<Dataset> => {
      const { values, labels } = toyData(limit, split === 'train' ? 1 : 2);
      const lineage = `${name}/${name === 'toy' ? split : 'train'}`;
      return { name, split, count: limit, shape: [6], classes: 3, images: values, labels, lineage, files: [] };
    },
  };
});

let base: string;
let printed: { out: string; err: string };
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-cli-'));
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
  process.exitCode = undefined;
  await rm(base, { recursive: true, force: true });
});

const run = (): string => path.join(base, 'run');
const train = (...flags: string[]): Promise<unknown> =>
  trainCommand().parseAsync(['toy.arch.ts', '--backend', anyBackend, ...flags], { from: 'user' });
const certify = (...flags: string[]): Promise<unknown> =>
  certifyCommand().parseAsync(['toy.arch.ts', '--backend', anyBackend, ...flags], { from: 'user' });
const attack = (...flags: string[]): Promise<unknown> =>
  attackCommand().parseAsync(['toy.arch.ts', '--backend', anyBackend, ...flags], { from: 'user' });
const trained = (...flags: string[]): Promise<unknown> =>
  train(
    '--data',
    'toy',
    '--epsilon',
    '0.01',
    '--epochs',
    '3',
    '--batch',
    '30',
    '--lr',
    '0.02',
    '--out',
    run(),
    ...flags,
  );

describe('dualc train', () => {
  it('writes a run, says what it does on standard error, and nothing on standard output', async () => {
    await trained('--bounds', 'interval:2,exact', '--seed', '3');
    const description = JSON.parse(await readFile(path.join(run(), 'run.json'), 'utf8')) as Record<string, unknown>;
    expect(description).toMatchObject({
      bounds: 'interval:2,exact',
      lineage: 'toy/train',
      examples: 120,
      settings: { seed: 3 },
    });
    expect((await readSafetensors(path.join(run(), 'weights.safetensors'))).metadata).toMatchObject({
      layout: 'tfjs',
      trainedOn: 'toy/train',
    });
    expect(printed.err).toMatch(/epsilon 0.01 \(linf\)/);
    expect(printed.err.match(/^epoch \d\/3 .* left$/gm)).toHaveLength(3);
    expect(printed.out).toBe('');
  });

  it('begins a run by --resume --data where there is none, and then goes on with it', async () => {
    const flags = [
      '--data',
      'toy',
      '--epsilon',
      '0.1',
      '--epochs',
      '1',
      '--batch',
      '40',
      '--bounds',
      'exact',
      '--out',
      run(),
    ];
    await train('--resume', ...flags);
    const weights = await readFile(path.join(run(), 'weights.safetensors'));
    await train('--resume', ...flags);
    expect(await readFile(path.join(run(), 'weights.safetensors'))).toEqual(weights);
  });

  it('goes on with the same examples only', async () => {
    await train('--data', 'toy', '--epsilon', '0.02', '--bounds', 'interval', '--epochs', '1', '--out', run());
    const file = path.join(run(), 'run.json');
    const text = await readFile(file, 'utf8');
    const other = text.replace(
      /("dataHash": ")[0-9a-f]/,
      (_, before: string) => `${before}${text.includes(`${before}0`) ? '1' : '0'}`,
    );
    expect(other).not.toBe(text);
    await writeFile(file, other);
    await expect(train('--resume', '--out', run())).rejects.toThrow(
      /toy no longer holds the 120 examples that the run in/,
    );
    await writeFile(file, text);
    await train('--resume', '--out', run());
  });

  it('resumes with the settings of the run, and refuses others', async () => {
    await trained();
    await expect(train('--resume', '--out', run(), '--lr', '0.5', '--seed', '1', '--batch', '30')).rejects.toThrow(
      /leave these out[\s\S]*--lr: the run has 0.02, asked for is 0.5\n {2}--seed: the run has 0, asked for is 1$/,
    );
    await train('--resume', '--out', run());
    expect(printed.err).toMatch(/done: .*weights.safetensors/);
  });

  it.each([
    [['--data', 'toy'], /--out is missing/, UsageError],
    [['--out', 'x'], /--data is missing/, UsageError],
    [['--out', 'x', '--data', 'toy', '--bounds', 'ibp'], /'ibp' is no training bound/, UsageError],
    [['--out', 'x', '--resume'], /x holds no run/, InputError],
    [['--out', 'x', '--data', 'toy', '--norm', 'l2'], /--norm l2 needs --epsilon/, UsageError],
  ])('refuses %j', async (flags, message, fault) => {
    await expect(train(...flags)).rejects.toThrow(fault);
    await expect(train(...flags)).rejects.toThrow(message);
    expect(existsSync('x')).toBe(false);
  });

  it('stops at Ctrl-C with a checkpoint and exit code 130, and goes on to the same weights', async () => {
    await trained();
    const whole = await readFile(path.join(run(), 'weights.safetensors'));
    const cut = path.join(base, 'cut');
    const running = train(
      '--data',
      'toy',
      '--epsilon',
      '0.01',
      '--epochs',
      '3',
      '--batch',
      '30',
      '--lr',
      '0.02',
      '--out',
      cut,
    );
    await vi.waitUntil(() => existsSync(path.join(cut, 'checkpoint.safetensors')), { timeout: 20_000, interval: 1 });
    process.emit('SIGINT');
    await running;
    expect(process.exitCode).toBe(130);
    expect(printed.err).toMatch(/stopping after this step/);
    expect(existsSync(path.join(cut, 'weights.safetensors'))).toBe(false);
    process.exitCode = undefined;
    await train('--resume', '--out', cut);
    expect(await readFile(path.join(cut, 'weights.safetensors'))).toEqual(whole);
  });
});

describe('dualc certify', () => {
  it('prints one JSON object with the fields of the contract, and a table for people', async () => {
    await trained();
    await certify(
      '--run',
      run(),
      '--data',
      'toy',
      '--epsilon',
      '2/200',
      '--json',
      '--attack',
      '--save',
      path.join(base, 'saved'),
    );
    const report = JSON.parse(printed.out) as Record<string, unknown>;
    expect(Object.keys(report)).toEqual([
      ...[
        'schemaVersion',
        'examples',
        'standardError',
        'robustError',
        'robustCrossEntropy',
        'notFinite',
        'secondsPerExample',
      ],
      ...[
        'backend',
        'threads',
        'workers',
        'epsilon',
        'norm',
        'box',
        'bounds',
        'counts',
        'intervals',
        'notComputed',
        'attack',
      ],
    ]);
    expect(report).toMatchObject({ examples: 120, epsilon: 0.01, norm: 'linf', backend: anyBackend, workers: 1 });
    expect(report.threads).toBe(onNative ? nativeThreads().count : 1);
    expect(report.standardError).toBe((report.counts as Record<string, number>).standardError! / 120);
    expect(printed.err).toMatch(/robust error, certified .*95 % interval/);
    const { tensors } = await readSafetensors(path.join(base, 'saved'));
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ['J', [120, 3]],
      ['bounds.relu1.lower', [120, 8]],
      ['bounds.relu1.upper', [120, 8]],
      ['logits', [120, 3]],
      ['labels', [120]],
      ['predictions', [120]],
      ['certified', [120]],
    ]);
    const wrong = tensors.get('labels')!.data.filter((label, i) => label !== tensors.get('predictions')!.data[i]);
    expect(wrong.length).toBe((report.counts as Record<string, number>).standardError);
    const open = tensors.get('certified')!.data.filter(verdict => verdict === 0);
    expect(open.length).toBe((report.counts as Record<string, number>).robustError);
  });

  it('takes the data from the run and the radius from the architecture when they are not given', async () => {
    await trained();
    await certify('--run', run(), '--fail-above', '1%');
    expect(printed.err).toMatch(/epsilon 0.1 .*--epsilon not given, taken from toy.arch.ts/);
    expect(printed.err).toMatch(/is above 1.0 %/);
    expect(process.exitCode).toBe(1);
    expect(printed.out).toBe('');
  });

  it('refuses data that the network was trained on, and warns when they are asked for', async () => {
    await train('--data', 'same', '--epochs', '1', '--bounds', 'interval', '--out', run());
    const weights = path.join(run(), 'weights.safetensors');
    await expect(certify('--weights', weights, '--data', 'same')).rejects.toThrow(/trained on these very examples/);
    await certify('--weights', weights, '--data', 'same', '--split', 'train');
    expect(printed.err).toMatch(/warning: the network was trained on these very examples/);
  });

  it.each([
    [['--data', 'toy'], /--weights FILE or by --run RUN/],
    [['--data', 'toy', '--weights', 'a', '--run', 'b'], /--weights FILE or by --run RUN/],
    [['--weights', 'a'], /--data DATASET or --inputs FILE/],
    [['--weights', 'a', '--data', 'toy', '--inputs', 'b'], /not both/],
    [['--run', 'nowhere', '--data', 'toy'], /nowhere holds no run/],
  ])('refuses %j', async (flags, message) => {
    await expect(certify(...flags)).rejects.toThrow(message);
  });
});

describe('dualc attack', () => {
  it('finds no more than certification leaves open, and saves points that can be read back', async () => {
    await trained();
    const saved = path.join(base, 'points');
    await attack('--run', run(), '--data', 'toy', '--epsilon', '0.01', '--json', '--save', saved, '--steps', '10');
    const report = JSON.parse(printed.out) as { attackError: number; stepSize: number };
    printed.out = '';
    expect(report.stepSize).toBeCloseTo(0.0025, 9);
    await certify('--run', run(), '--data', 'toy', '--epsilon', '0.01', '--json');
    expect(report.attackError).toBeLessThanOrEqual((JSON.parse(printed.out) as { robustError: number }).robustError);
    printed.out = '';
    // Its points, read as examples, are misclassified as often as the attack says.
    await certify('--run', run(), '--inputs', saved, '--epsilon', '0.01', '--json');
    expect((JSON.parse(printed.out) as { standardError: number }).standardError).toBe(report.attackError);
  });
});

describe.each([
  ['dualc certify', certify],
  ['dualc attack', attack],
])('%s --save', (_, command) => {
  const flags = (file: string): string[] => ['--run', run(), '--epsilon', '0.01', '--json', '--save', file];

  it('refuses a place that cannot be written to before it computes', async () => {
    await trained();
    printed.err = '';
    await expect(command(...flags(base))).rejects.toThrow(/EISDIR.*in the way/);
    expect(printed.out).toBe('');
    expect(printed.err).not.toMatch(/examples attacked|robust error/);
  });

  it('has said what it computed when the disk is full', async () => {
    await trained();
    const file = path.join(base, 'saved');
    breakDisk(faults(100)['is full']!, place => place.startsWith(file));
    await expect(command(...flags(file))).rejects.toThrow(/^the disk is full: .*saved could not .* bytes are missing/);
    expect(JSON.parse(printed.out)).toMatchObject({ examples: 120 });
    expect(existsSync(file)).toBe(false);
  });
});
