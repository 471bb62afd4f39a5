/** What is said and what is not, and commands that are printed to be pasted; on the toy model, as in `train-certify-attack.test.ts`. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../../compiler/cli/run-command-line.ts';
import type { Dataset, Split } from '../../../runtime/data/dataset.ts';
import { anyBackend } from '../../support/run-on-backend.ts';

const mocked = vi.hoisted(() => ({ sourceHash: 'toy', bytesPerExample: 100 }));
vi.mock('../../../compiler/cli/load-model.ts', async () => {
  const { toyMeta, toyModel } = await import('../../support/toy-model.ts');
  const loadModel = async () =>
    toyModel({
      sourceHash: mocked.sourceHash,
      layers: toyMeta.layers.map(layer =>
        layer.name === 'relu1' ? { ...layer, kind: mocked.sourceHash === 'toy' ? 'relu' : 'other' } : layer,
      ),
      train: { ...toyMeta.train, bytesPerExample: mocked.bytesPerExample },
    });
  return { loadModel, loadModule: async () => ({ model: await loadModel(), source: null }) };
});
vi.mock('../../../runtime/data/load-dataset.ts', async () => {
  const { toyData } = await import('../../support/toy-model.ts');
  return {
    loadDataset: async (name: string, { split, limit = 60 }: { split: Split; limit?: number }): Promise<Dataset> => {
      const { values, labels } = toyData(limit, split === 'train' ? 1 : 2);
      return {
        name,
        split,
        count: limit,
        shape: [6],
        classes: 3,
        images: values,
        labels,
        lineage: `${name}/${split}`,
        files: [],
      };
    },
  };
});

let base: string;
let printed: { out: string; err: string };
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-say-'));
  printed = { out: '', err: '' };
  Object.assign(mocked, { sourceHash: 'toy', bytesPerExample: 100 });
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

const run = (): string => path.join(base, "my run's");
async function dualc(...args: string[]): Promise<{ code: number; err: string; out: string }> {
  Object.assign(printed, { out: '', err: '' });
  process.exitCode = undefined;
  const code = await runCommandLine(args);
  return { code, ...printed };
}
const training = (...more: string[]): string[] => [
  ...[
    'train',
    'toy.arch.ts',
    '--backend',
    anyBackend,
    '--data',
    'toy',
    '--out',
    run(),
    '--epochs',
    '2',
    '--bounds',
    'interval',
  ],
  ...['--epsilon', '0.01', ...more],
];
const certifying = (...more: string[]): string[] => [
  'certify',
  'toy.arch.ts',
  '--backend',
  anyBackend,
  '--run',
  run(),
  ...more,
];

describe('--quiet', () => {
  it('says the results and nothing of how they come about', async () => {
    expect((await dualc('--quiet', ...training())).err).toBe(`done: ${path.join(run(), 'weights.safetensors')}\n`);
    const { err, out } = await dualc(...certifying('--quiet', '--attack'));
    expect(out).toBe('');
    expect(err).toMatch(/^┌[\s\S]*standard error[\s\S]*robust error, certified[\s\S]*┘\n$/);
    const attack = await dualc(
      'attack',
      'toy.arch.ts',
      '--backend',
      anyBackend,
      '--run',
      run(),
      '--steps',
      '3',
      '--quiet',
    );
    expect(attack.err).toMatch(/^┌[\s\S]*error under attack[\s\S]*┘\n$/);
  });

  it('does not silence warnings and verdicts', async () => {
    await dualc('--quiet', ...training('--epsilon-epochs', '9'));
    expect(printed.err).toMatch(/^warning: --epsilon-epochs 9 is more than 2 epochs/);
    const { err, code } = await dualc(...certifying('--quiet', '--fail-above', '0'));
    expect(err).toMatch(/robust error.* is above 0.0 %/);
    expect(code).toBe(1);
  });
});

describe('a run that is not finished', () => {
  it('is gone on with by the command that is printed', async () => {
    await dualc(...training('--metrics-every', '7'));
    await rm(path.join(run(), 'weights.safetensors'));
    const { code, err } = await dualc(...certifying('--data-dir', 'a b'));
    expect(code).toBe(1);
    const quoted = `'${run().replaceAll("'", "'\\''")}'`;
    expect(err).toContain(
      `is not finished; go on with\n  dualc train toy.arch.ts --resume --out ${quoted} --data-dir 'a b'\n`,
    );
    expect((await dualc('train', 'toy.arch.ts', '--resume', '--out', run())).code).toBe(0);
  });

  it('is not begun anew, and the command to go on is printed', async () => {
    await dualc(...training());
    const { code, err } = await dualc(...training());
    expect(code).toBe(1);
    expect(err).toMatch(
      /holds a run already; choose another folder, or go on with it:\n {2}dualc train toy.arch.ts --resume --out '/,
    );
  });

  it('stopped by Ctrl-C says how to go on, with the options of the machine', async () => {
    const running = dualc(
      ...training('--epochs', '3', '--batch', '1').filter(
        (word, i, all) => !(word === '--epochs' && all[i + 1] === '2') && !(word === '2' && all[i - 1] === '--epochs'),
      ),
    );
    await vi.waitUntil(() => existsSync(path.join(run(), 'checkpoint.safetensors')), { timeout: 20_000, interval: 1 });
    process.emit('SIGINT');
    const { code, err } = await running;
    expect(code).toBe(130);
    expect(err).toMatch(/stopped; go on with\n {2}dualc train toy.arch.ts --resume --out '.*' --backend \w+\n/);
    expect(err).toContain(` --backend ${anyBackend}\n`);
  });
});

describe('another network', () => {
  it('is refused for a run that is resumed, and warned of when it certifies, with what differs', async () => {
    await dualc(...training());
    mocked.sourceHash = 'other';
    const difference = '  - relu1 = relu(dense1) : [8]\n  + relu1 = other(dense1) : [8]\n';
    const resumed = await dualc('train', 'toy.arch.ts', '--resume', '--out', run());
    expect(resumed.code).toBe(1);
    expect(resumed.err).toMatch(/toy.arch.ts is another network than that of the run .*which toy.arch.ts described/);
    expect(resumed.err).toContain(difference);
    const certified = await dualc(...certifying());
    expect(certified.code).toBe(0);
    expect(certified.err).toContain('warning: toy.arch.ts is another network than the one that the run');
    expect(certified.err).toContain(difference);
  });

  it('of a run that kept no layers is still told', async () => {
    await dualc(...training());
    const file = path.join(run(), 'run.json');
    const { layers: _, ...description } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...description, sourceHash: 'before' }));
    expect((await dualc(...certifying())).err).toMatch(
      /another network.*\n {2}\(the run was written by an earlier version/,
    );
  });
});

describe('another norm', () => {
  it('than the run trained for is said when it certifies, unless it was asked for', async () => {
    await dualc(...training());
    const file = path.join(run(), 'run.json');
    const description = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    const { norm } = description;
    expect(norm).toBe('linf');
    expect((await dualc(...certifying())).err).not.toContain('trained for an');
    await writeFile(file, JSON.stringify({ ...description, norm: 'l2' }));
    expect((await dualc(...certifying())).err).toMatch(
      /warning: the run in .* trained for an l2 ball; this is linf, the architecture's \(--norm l2 for the run's\)/,
    );
    expect((await dualc(...certifying('--norm', 'linf'))).err).not.toContain('trained for an');
  });
});

describe('memory for training', () => {
  it('that is too small for the default batch is refused before anything is written', async () => {
    mocked.bytesPerExample = 1e12;
    const { code, err } = await dualc(...training());
    expect(code).toBe(3);
    expect(err).toMatch(
      /error: a step on 50 examples needs up to 50(\.[0-9])? TiB for tensors .* that this machine has/,
    );
    expect(existsSync(run())).toBe(false);
  });

  it('is the fault of --memory when that is what is too small', async () => {
    mocked.bytesPerExample = 1e9;
    const { code, err } = await dualc(...training('--memory', '10GB'));
    expect(code).toBe(1);
    expect(err).toMatch(/more than the 9.31 GiB of --memory: --memory \d+MB or --batch [89] would do/);
  });

  it('is that of the largest step there is, not of a batch that the data do not fill', async () => {
    mocked.bytesPerExample = 1e8;
    const { code, err } = await dualc(...training('--batch', '1000000', '--memory', '10GB'));
    expect(err).not.toContain('a step on');
    expect(code).toBe(0);
  });

  it('that certifying cannot keep to is said', async () => {
    await dualc(...training());
    const { code, err } = await dualc(...certifying('--memory', '1MB'));
    expect(code).toBe(0);
    expect(err).toMatch(/warning: the program, the weights and the data take .* more than the 977 KiB of --memory: /);
  });

  it('is tried for a batch that was asked for by name, with a warning', async () => {
    mocked.bytesPerExample = 1e12;
    const { code, err } = await dualc(...training('--batch', '20'));
    expect(code).toBe(0);
    expect(err).toMatch(/warning: a step on 20 examples needs up to 20 TiB/);
  });
});

describe('--save', () => {
  it.each([
    ['nowhere/file', /nowhere\/file cannot be written .*: choose a place that you may write to/],
    ['.', /\. cannot be written .*: a file or folder of that name is in the way/],
  ])('to %j is refused before anything is computed', async (file, message) => {
    await dualc(...training());
    for (const args of [certifying('--save', file), ['attack', 'toy.arch.ts', '--run', run(), '--save', file]]) {
      const { code, err } = await dualc(...args);
      expect(code).toBe(1);
      expect(err).toMatch(message);
      expect(err).not.toContain('backend');
    }
  });
});
