/** `train --cascade`, and what `certify`, `predict` and `attack` make of its folder: on two moons, from flags to files. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CascadeReport } from '../../../runtime/report/cascade-report.ts';
import { readSafetensors } from '../../../runtime/weights/read-safetensors.ts';
import { dualcProcess, type Ended } from '../../support/dualc-process.ts';

const network = `import { dense, input, linf, network, relu } from 'dualc';
const point = input([2]);
const relu1 = relu(dense(point, { units: 12 }));
export default network({ input: point, output: dense(relu1, { units: 2 }), ball: linf({ epsilon: 0.1 }) });
`;
const data = ['--data', 'two-moons', '--backend', 'wasm'];
const training = [...data, '--limit', '240', '--batch', '20', '--bounds', 'interval', '--lr', '0.02', '--epochs', '4'];

let folder: string;
const read = (name: string): string => readFileSync(join(folder, name), 'latin1');
const dualc = (...args: string[]): Promise<Ended> => dualcProcess(folder, args);
const train = (...args: string[]): Promise<Ended> => dualc('train', 'net.arch.ts', ...args);
const evaluate = (command: string, ...args: string[]): Promise<Ended> =>
  dualc(command, 'net.arch.ts', ...data, '--limit', '200', '--workers', '1', ...args);
interface Manifest {
  rule: string;
  training: string;
  certifyBounds: string;
  validation: number;
  later: { start: string; examples: string; epochs: number; learningRate: number };
  result: { rule: string; thresholds: number[]; stages: { weights: string; examples: number }[] } | null;
}
const manifest = (run: string): Manifest => JSON.parse(read(`${run}/cascade.json`)) as Manifest;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dualc-cascade-'));
  writeFileSync(join(folder, 'net.arch.ts'), network);
  const trained = await train(...training, '--cascade', '3', '--out', 'run');
  expect(trained.err).toContain('done: run/cascade.json, a cascade of 3 stages');
  const paper = await train(...training, '--cascade', '2', '--cascade-training', 'paper', '--out', 'paper');
  expect(paper.err).toContain('a cascade of 2 stages');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a trained cascade', () => {
  it('says in its manifest what it is, and how it came about', () => {
    expect(manifest('run')).toMatchObject({
      training: 'guarantee',
      rule: 'agreement',
      certifyBounds: 'interval',
      validation: 0,
      later: { start: 'previous', examples: 'left', epochs: 4, learningRate: 0.01 },
      result: { rule: 'agreement', thresholds: [0, 0, 0] },
    });
    expect(manifest('paper')).toMatchObject({
      training: 'paper',
      rule: 'first',
      validation: 24,
      later: { start: 'fresh', examples: 'left', learningRate: 0.02 },
      result: { rule: 'first' },
    });
    const stages = manifest('run').result!.stages;
    expect(stages.map(({ weights }) => weights)).toEqual([1, 2, 3].map(stage => `stage-${stage}/weights.safetensors`));
    expect(stages[0]!.examples).toBe(240);
    expect(stages[1]!.examples).toBeLessThan(240);
    expect(stages[2]!.examples).toBeLessThanOrEqual(stages[1]!.examples);
    expect(manifest('paper').result!.stages[0]!.examples).toBe(216);
  });

  it('is certified by its stages, whose figures those of the files by themselves are', async () => {
    const { code, out, err } = await evaluate('certify', '--run', 'run', '--json', '--save', 'saved.safetensors');
    expect(code).toBe(0);
    expect(err).toContain('under this rule an answer is its own proof');
    const report = JSON.parse(out) as CascadeReport;
    expect(report).toMatchObject({ rule: 'agreement', thresholds: [0, 0, 0], examples: 200, robustCrossEntropy: null });
    // The guarantee is of what is answered rightly, and each stage adds to it.
    expect(report.robustError).toBe(report.coverageError);
    expect(report.robustError).toBeLessThanOrEqual(report.stages[0]!.robustError);
    expect(report.stages[0]!.answered + report.stages[1]!.answered + report.stages[2]!.answered).toBe(
      Math.round(200 * (1 - report.abstained)),
    );
    for (const [stage, { standardError, robustError }] of report.stages.entries()) {
      const alone = await evaluate(
        'certify',
        '--weights',
        `run/stage-${stage + 1}/weights.safetensors`,
        '--bounds',
        'interval',
        '--json',
      );
      expect(JSON.parse(alone.out)).toMatchObject({ standardError, robustError });
    }
    const { tensors } = await readSafetensors(join(folder, 'saved.safetensors'));
    const guaranteed = [...(tensors.get('guaranteed')!.data as Uint8Array)].filter(Boolean).length;
    expect(guaranteed).toBe(report.counts.robustError === undefined ? -1 : 200 - report.counts.robustError);
    expect(tensors.get('stage-3.leads')!.data).toHaveLength(200);
  });

  it('is the same given by its weights, whose rule is first unless it is said', async () => {
    const stages = [1, 2, 3].flatMap(stage => ['--weights', `run/stage-${stage}/weights.safetensors`]);
    const asked = [...stages, '--bounds', 'interval', '--json'];
    const run = JSON.parse((await evaluate('certify', '--run', 'run', '--json')).out) as CascadeReport;
    const same = JSON.parse((await evaluate('certify', ...asked, '--cascade-rule', 'agreement')).out) as CascadeReport;
    expect({ ...same, secondsPerExample: 0 }).toEqual({ ...run, secondsPerExample: 0 });
    const first = JSON.parse((await evaluate('certify', ...asked)).out) as CascadeReport;
    expect(first).toMatchObject({
      rule: 'first',
      thresholds: [0, 0, 0],
      stages: run.stages.map(({ answered: _, ...stage }) => stage),
    });
    expect(first.robustError).toBeGreaterThanOrEqual(first.coverageError);
    const silent = JSON.parse(
      (await evaluate('certify', ...asked, '--thresholds', '1e9,1e9,1e9')).out,
    ) as CascadeReport;
    expect([silent.abstained, silent.robustError]).toEqual([1, 1]);
  });

  it('is attacked through its certificates', async () => {
    const { out, err, code } = await evaluate(
      'attack',
      '--run',
      'paper',
      '--cascade',
      '--steps',
      '10',
      '--restarts',
      '2',
      '--json',
    );
    expect(code).toBe(0);
    expect(err).toContain('attack through certificates');
    const report = JSON.parse(out) as CascadeReport & { attackError: number };
    expect(report.attackError).toBe(report.attack!.attackError);
    expect(report.attackError).toBeGreaterThanOrEqual(report.wrongAnswers);
    const certified = await evaluate(
      'certify',
      '--run',
      'paper',
      '--attack',
      '--steps',
      '10',
      '--restarts',
      '2',
      '--json',
    );
    expect((JSON.parse(certified.out) as CascadeReport).attack).toEqual(report.attack);
  });

  it('predicts, example by example, with the stage that answered', async () => {
    const report = JSON.parse((await evaluate('certify', '--run', 'run', '--json')).out) as CascadeReport;
    const { out, err } = await evaluate('predict', '--run', 'run');
    const [head, ...rows] = out.trim().split('\n');
    expect(head).toBe('example,class,stage,margin');
    const stages = rows.map(row => Number(row.split(',')[2]));
    expect([1, 2, 3].map(stage => stages.filter(own => own === stage).length)).toEqual(
      report.stages.map(({ answered }) => answered),
    );
    expect(err).toContain(`${rows.length - stages.filter(stage => stage === 0).length} of 200 certified`);
    const lines = (await evaluate('predict', '--run', 'run', '--json')).out.trim().split('\n');
    const parsed = lines.map(
      line => JSON.parse(line) as { example: number; class: number; stage: number; certified: boolean },
    );
    expect(parsed.map(({ example, class: own, stage }) => `${example},${own},${stage}`)).toEqual(
      rows.map(row => row.split(',').slice(0, 3).join(',')),
    );
    expect(parsed.every(({ certified, stage }) => certified === stage > 0)).toBe(true);
  });

  it('one network is predicted by as well', async () => {
    const { out } = await evaluate('predict', '--weights', 'run/stage-1/weights.safetensors', '--bounds', 'interval');
    const certified = JSON.parse(
      (await evaluate('certify', '--weights', 'run/stage-1/weights.safetensors', '--bounds', 'interval', '--json')).out,
    ) as { robustError: number; standardError: number };
    const answered = out
      .trim()
      .split('\n')
      .slice(1)
      .filter(row => row.split(',')[2] === '1').length;
    expect(answered).toBeGreaterThanOrEqual(Math.round(200 * (1 - certified.robustError)));
  });
});

describe('a claim', () => {
  const certify = (...args: string[]): Promise<Ended> => dualc('certify', 'net.arch.ts', '--backend', 'wasm', ...args);
  const claim = (): Record<string, unknown> => JSON.parse(read('run/claim.json')) as Record<string, unknown>;
  const change = (changed: Record<string, unknown>): void =>
    writeFileSync(join(folder, 'run/claim.json'), JSON.stringify({ ...claim(), ...changed }));

  it('is kept with its run, and found again', async () => {
    const { out } = await certify('--run', 'run', '--data', 'two-moons', '--limit', '150', '--claim', '--json');
    const { counts } = JSON.parse(out) as CascadeReport;
    expect(claim()).toMatchObject({
      data: 'two-moons',
      split: 'test',
      examples: 150,
      epsilon: 0.1,
      bounds: '',
      standardErrors: counts.standardError,
      robustErrors: counts.robustError,
    });
    expect(claim().weights).toHaveLength(3);
    const { code, err } = await certify('--run', 'run', '--check-claim');
    expect(err).toContain('The claim holds');
    expect(code).toBe(0);
  });

  it('that is too good does not hold', async () => {
    const kept = claim();
    change({ robustErrors: Number(kept.robustErrors) - 1 });
    const { code, err } = await certify('--run', 'run', '--check-claim');
    expect(err).toContain('The claim does not hold');
    expect(code).toBe(1);
    change(kept);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['other examples', { dataHash: 'x' }, /the first 150 examples of two-moons \(test\) are others/],
    ['other weights', { weights: ['a', 'b', 'c'] }, /the weights are others/],
    ['other layers', { sourceHash: 'x' }, /the layers are others/],
    ['nothing', { robustErrors: -1 }, /claim\.json is no claim of this version of dualc: robustErrors/],
  ])('of %s is not checked', async (_, changed, message) => {
    const kept = claim();
    change(changed);
    const { code, err } = await certify('--run', 'run', '--check-claim');
    expect(err).toMatch(message);
    expect(code).toBe(1);
    change(kept);
  });

  it.each<[string[], RegExp]>([
    [['--weights', 'run/stage-1/weights.safetensors', '--claim'], /--claim needs --run/],
    [['--run', 'run', '--claim', '--cascade-rule', 'first'], /by bounds that always hold: leave --cascade-rule out/],
    [
      ['--run', 'run', '--check-claim', '--limit', '3'],
      /--check-claim finds a figure again as it was found: leave --limit out/,
    ],
    [['--run', 'run', '--check-claim', '--claim'], /leave --claim out/],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await certify(...args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  it('of a run that claims nothing is missing', async () => {
    const { code, err } = await certify('--run', 'paper', '--check-claim');
    expect([code, err]).toEqual([1, expect.stringContaining('paper/claim.json')]);
  });
});

describe('a resumed cascade', () => {
  it('ends with the same bits, from any of its files', async () => {
    const before = [1, 2, 3].map(stage => read(`run/stage-${stage}/weights.safetensors`));
    const verdicts = read('run/stage-2/verdicts.safetensors');
    // As after a kill before the third stage, with the second one's certificates not yet written.
    for (const gone of ['stage-3', 'stage-2/verdicts.safetensors'])
      rmSync(join(folder, 'run', gone), { recursive: true });
    const text = read('run/cascade.json');
    writeFileSync(join(folder, 'run/cascade.json'), text.replace(/"result": \{[\s\S]*$/, '"result": null\n}\n'));
    const unfinished = await evaluate('certify', '--run', 'run');
    expect([unfinished.code, unfinished.err]).toEqual([1, expect.stringContaining('is not finished; go on with')]);
    expect((await train('--resume', '--out', 'run', '--backend', 'wasm')).code).toBe(0);
    expect([1, 2, 3].map(stage => read(`run/stage-${stage}/weights.safetensors`))).toEqual(before);
    expect(read('run/stage-2/verdicts.safetensors')).toBe(verdicts);
    expect(read('run/cascade.json')).toBe(text);
  });

  it('changes none of its settings', async () => {
    for (const [flag, value] of [
      ['--cascade', '4'],
      ['--cascade-training', 'paper'],
      ['--cascade-epochs', '5'],
      ['--certify-bounds', 'exact'],
      ['--epochs', '5'],
    ]) {
      const { code, err } = await train('--resume', '--out', 'run', flag!, value!);
      expect(code).toBe(2);
      expect(err).toMatch(/--resume goes on with the settings of the/);
    }
  });

  it('of another network is refused', async () => {
    writeFileSync(join(folder, 'net.arch.ts'), network.replace('units: 12', 'units: 13'));
    const { code, err } = await train('--resume', '--out', 'run');
    writeFileSync(join(folder, 'net.arch.ts'), network);
    expect([code, err]).toEqual([1, expect.stringContaining('is another network than that of the cascade in run')]);
  });

  it('is not begun anew', async () => {
    const { code, err } = await train(...training, '--cascade', '3', '--out', 'run');
    expect([code, err]).toEqual([1, expect.stringContaining('run holds a run already')]);
  });
});

it('bounds that are none, or prove nothing, are refused before anything is trained', async () => {
  for (const [bounds, message] of [
    ['nonsense', /no strategy|unknown|nonsense/],
    ['sketch', /certif/],
  ] as const) {
    const { code, err } = await train(...training, '--cascade', '2', '--certify-bounds', bounds, '--out', 'new');
    expect(err).toMatch(message);
    expect([1, 2]).toContain(code);
    expect(existsSync(join(folder, 'new/cascade.json'))).toBe(false);
  }
});

describe('what makes no sense is refused', () => {
  it.each<[string[], RegExp]>([
    [
      ['train', ...training, '--cascade-epochs', '3', '--out', 'new'],
      /--cascade-epochs is for cascades: say --cascade STAGES/,
    ],
    [['train', ...training, '--cascade', '1', '--out', 'new'], /at least 2/],
    [
      ['train', ...training, '--cascade', '2', '--validation', '240', '--out', 'new'],
      /--validation 240 leaves none of the 240 examples/,
    ],
    [
      [
        'train',
        ...data,
        '--epochs',
        '4',
        '--bounds',
        'interval:3,sketch:1',
        '--cascade',
        '2',
        '--cascade-start',
        'fresh',
        '--cascade-epochs',
        '5',
        '--out',
        'new',
      ],
      /--cascade-epochs: a fresh stage goes through --bounds/,
    ],
    [['attack', ...data, '--cascade', '--weights', 'run/stage-1/weights.safetensors'], /--cascade needs a cascade/],
    [
      ['certify', ...data, '--cascade-rule', 'first', '--weights', 'run/stage-1/weights.safetensors'],
      /--cascade-rule is for cascades/,
    ],
    [
      ['predict', ...data, '--run', 'run', '--thresholds', '0,1'],
      /the cascade has 3 stages, and these are 2 thresholds/,
    ],
    [['predict', ...data, '--run', 'run', '--thresholds', '0,-1,0'], /not negative/],
  ])('%j', async ([command, ...args], message) => {
    const { code, err } = await dualc(command!, 'net.arch.ts', ...args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(existsSync(join(folder, 'new/run.json')) || existsSync(join(folder, 'new/cascade.json'))).toBe(false);
  });
});
