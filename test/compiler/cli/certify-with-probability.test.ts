/** `dualc certify --probability` as it was built, from flags to figures and files. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseGraph } from '../../../compiler/2-graph/parse-graph.ts';
import { readSafetensors } from '../../../runtime/weights/read-safetensors.ts';
import { saveWeights } from '../../../runtime/weights/save-weights.ts';
import { dualcProcess, type Ended } from '../../support/dualc-process.ts';
import { compileFor } from '../../support/emitted-model.ts';
import { seededNormals } from '../../support/program-inputs.ts';

const architecture = (ball: string): string => `import { dense, input, l2, linf, network, relu } from 'dualc';
const point = input([2]);
const dense1 = dense(point, { units: 6 });
const dense2 = dense(relu(dense1), { units: 8 });
const hidden = relu(dense2);
const dense3 = dense(hidden, { units: 2 });
export default network({ input: point, output: dense3, ball: ${ball} });
`;

let folder: string;
const dualc = (...args: string[]): Promise<Ended> => dualcProcess(folder, args);
const certify = (subject: string, ...args: string[]): Promise<Ended> =>
  dualc(
    'certify',
    subject,
    '--weights',
    'w.safetensors',
    '--data',
    'two-moons',
    '--limit',
    '20',
    '--backend',
    'wasm',
    ...args,
  );

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dualc-probability-'));
  // Compiled modules import what they need from the package.
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(fileURLToPath(new URL('../../..', import.meta.url)), path.join(folder, 'node_modules/dualc'));
  writeFileSync(path.join(folder, 'net.arch.ts'), architecture('linf({ epsilon: 0.05, box: null })'));
  writeFileSync(path.join(folder, 'round.arch.ts'), architecture('l2({ epsilon: 0.05 })'));
  const { meta } = compileFor(
    parseGraph(`
      point = input() : [2]
      dense1 = dense(point) {units: 6, useBias: true} : [6]
      relu1 = relu(dense1) : [6]
      dense2 = dense(relu1) {units: 8, useBias: true} : [8]
      hidden = relu(dense2) : [8]
      dense3 = dense(hidden) {units: 2, useBias: true} : [2]
      output dense3`),
  );
  const weights = Object.fromEntries(
    meta.parameters.map(({ name, shape }, index) => [
      name,
      {
        shape: [...shape],
        data: Float32Array.from(
          seededNormals(
            index,
            shape.reduce((a, b) => a * b, 1),
          ),
        ),
      },
    ]),
  );
  await saveWeights(path.join(folder, 'w.safetensors'), weights, meta, 'tfjs');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('dualc certify --probability', () => {
  it('prints δ, N, δ̂, k, m, the factor, and what is proved', async () => {
    const { code, err } = await certify('net.arch.ts', '--probability', '0.99', '--seed', '5');
    expect(code, err).toBe(0);
    const text = err.replaceAll(/\s*│\n│\s*│\s*/g, ' ');
    expect(text).toContain('0.99: δ = 0.01 over N = 8 estimates, δ̂ = 0.00125 for each');
    expect(text).toMatch(/a mean of k = 256 draws \(m = 1\), times 1\/\(1 − ε\) = 1\.\d{4}, seed 5/);
    expect(text).toMatch(
      /For each example by itself, all its bounds and its J hold at once.*probability at least 0\.99 over the random draws \(not over the data;/,
    );
    expect(text).toMatch(/relu_?1: closed form/);
    expect(text).toContain('hidden: a sketch with a tail bound, 256 projections');
  }, 60_000);

  it('has all of it in --json and --save, the same whatever the batch', async () => {
    const flags = [
      '--probability',
      '90%',
      '--projections',
      '32',
      '--estimators',
      '2',
      '--json',
      '--save',
      'j.safetensors',
    ];
    const one = await certify('net.arch.ts', ...flags);
    expect(one.code, one.err).toBe(0);
    const { secondsPerExample: _, ...report } = JSON.parse(one.out) as Record<string, unknown>;
    expect(report.probability).toMatchObject({
      ...{ delta: 0.1, estimates: 8, projections: 32, estimators: 2, seed: 0 },
      perEstimate: expect.closeTo((0.1 / 8) ** 0.5, 9),
      tail: expect.any(Number),
      statement: expect.stringContaining('with probability at least 0.9'),
    });
    const { metadata } = await readSafetensors(path.join(folder, 'j.safetensors'));
    expect(metadata).toMatchObject({ proof: 'probability', delta: '0.1', estimates: '8', seed: '0' });
    const two = await certify('net.arch.ts', ...flags, '--batch', '3');
    const { secondsPerExample: __, workers: ___, ...again } = JSON.parse(two.out) as Record<string, unknown>;
    expect(again).toEqual({ ...report, workers: undefined });
  }, 60_000);

  it('counts two estimates a neuron around an l2 ball', async () => {
    const { code, err, out } = await certify('round.arch.ts', '--probability', '0.99', '--json');
    expect(code, err).toBe(0);
    expect(JSON.parse(out).probability.estimates).toBe(16);
  }, 60_000);

  it('takes a compiled module for what it was compiled for, and says exact where nothing is estimated', async () => {
    await dualc('compile', 'net.arch.ts', '--emit', 'js', '--probability', '0.9', '-o', 'probable.dual.js');
    await dualc('compile', 'net.arch.ts', '--emit', 'js', '-o', 'exact.dual.js');
    const refusals = await Promise.all([
      certify('probable.dual.js'),
      certify('probable.dual.js', '--probability', '0.99'),
      certify('exact.dual.js', '--probability', '0.9'),
    ]);
    expect(refusals.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(refusals[0]!.err).toMatch(/certifies with probability 0\.9, and what is reported here always holds/);
    expect(refusals[1]!.err).toMatch(/was compiled for --probability 0\.9 --projections 256 --estimators 1/);
    expect(refusals[2]!.err).toMatch(/was compiled for bounds without estimates/);
    const plain = await certify('net.arch.ts', '--probability', '0.9', '--bounds', 'hidden=exact', '--json');
    expect(plain.code, plain.err).toBe(0);
    expect(JSON.parse(plain.out).probability).toBeUndefined();
    expect(plain.err).toContain('no bound is estimated: all of them hold with certainty');
  }, 120_000);

  it.each([
    [['--probability', '1'], 'above 0 and below 1'],
    [['--probability', '0'], 'above 0 and below 1'],
    [['--probability', '2'], 'above 0 and below 1'],
    [['--projections', '64'], '--projections is for the estimates of --probability'],
    [['--probability', '0.9', '--projections', '200'], 'It must be a power of two'],
    [['--probability', '0.9', '--bounds', 'exact'], '--probability estimates every bound that has no closed form'],
  ])(
    'refuses %j',
    async (flags, message) => {
      const { code, err } = await certify('net.arch.ts', ...flags);
      expect(err).toContain(message);
      expect(code).toBe(2);
    },
    60_000,
  );
});
