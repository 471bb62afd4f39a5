/** The attack through certificates: it breaks what the paper counts as robust, never what is guaranteed, by one thread or several. */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reportAnswers, searchThroughCertificates } from '../../../runtime/attack/attack-cascade.ts';
import type { Search } from '../../../runtime/attack/attack-options.ts';
import { distance } from '../../../runtime/attack/ball.ts';
import { selectBackend } from '../../../runtime/backend/select-backend.ts';
import { type Cascade, cascadeRules, type StageVerdicts } from '../../../runtime/cascade/cascade.ts';
import { certifyCascade, type Stages, stageVerdicts } from '../../../runtime/cascade/certify-cascade.ts';
import { predictByCascade } from '../../../runtime/cascade/predict.ts';
import { uniform } from '../../../runtime/random/draws.ts';
import { foldIn, keyFrom } from '../../../runtime/random/random-key.ts';
import { checkGuarantee } from '../../../runtime/report/cascade-report.ts';
import { makeTensors, readTensors } from '../../../runtime/train/snapshot.ts';
import { train } from '../../../runtime/train/train.ts';
import { attackCascadeByWorkers } from '../../../runtime/workers/attack-cascade-by-workers.ts';
import { certifyCascadeByWorkers } from '../../../runtime/workers/cascade-by-workers.ts';
import { startWorkers, type Workers } from '../../../runtime/workers/start-workers.ts';
import { toyData, toyModel } from '../../support/toy-model.ts';
import { toySettings } from '../../support/toy-run.ts';
import { bundled } from '../../support/workers/bundled.ts';
import { toldAnswer } from '../cascade/verdicts.ts';

const model = toyModel();
const epsilon = 0.05;
const data = toyData(120, 6);
const size = 6;
const search: Search = {
  norm: 'linf',
  epsilon,
  box: [0, 1],
  steps: 16,
  stepSize: epsilon / 5,
  restarts: 2,
  key: keyFrom(3),
};
let stages: Stages;
let workers: Workers | undefined;

/** Networks that were trained from different first weights and then disturbed: they disagree here and there, and are sure of it. */
beforeAll(async () => {
  await selectBackend({ prefer: 'wasm' });
  const params: Record<string, tf.Tensor>[] = [];
  for (const seed of [1, 2, 3]) {
    const settings = { ...toySettings, seed, epochs: 6 };
    const { snapshot } = await train({ model, examples: toyData(300), settings });
    const made = makeTensors(snapshot.params);
    const bias = made['dense2.bias']!;
    const noise = uniform(foldIn(keyFrom(seed), 'disturb'), 3).map(share => (seed === 1 ? 0 : 6 * (share - 0.5)));
    params.push({ ...made, 'dense2.bias': tf.add(bias, tf.tensor1d(noise)) });
  }
  stages = { model, params };
}, 60_000);
afterEach(async () => {
  await workers?.close();
  workers = undefined;
});

const attack = (cascade: Cascade) =>
  searchThroughCertificates(stages, cascade, data, { search, batch: 50, first: 0 }, () => {});

describe.each(cascadeRules)('of the rule %s', rule => {
  const cascade: Cascade = { rule, thresholds: [0, 0, 0] };

  it('finds points of the ball that are answered wrongly, and only such', async () => {
    const found = await attack(cascade);
    const at = { values: found.points, labels: data.labels };
    const verdicts: StageVerdicts[] = [];
    for (const params of stages.params) {
      const options = { epsilon, batch: 200, onBatch: () => {} };
      verdicts.push((await stageVerdicts(model, params, at, options)).verdicts);
    }
    found.broken.forEach((fell, example) => {
      const centre = data.values.subarray(example * size, (example + 1) * size);
      const point = found.points.subarray(example * size, (example + 1) * size);
      expect(point.every((value, i) => Math.abs(value - centre[i]!) <= epsilon)).toBe(true);
      expect(point.every(value => value >= 0 && value <= 1)).toBe(true);
      const answer = toldAnswer(verdicts, cascade, example);
      expect(answer !== null && answer !== data.labels[example]).toBe(fell);
      if (!fell) expect(distance(point, centre)).toBe(0);
    });
    expect(reportAnswers(found).attack.count).toBe(found.broken.filter(Boolean).length);
    expect(found.broken.filter(Boolean).length).toBeGreaterThan(3);
  });

  it('never breaks what is guaranteed, and under first breaks what is covered', async () => {
    const found = await attack(cascade);
    const result = await certifyCascade(stages, data, { epsilon, cascade });
    expect(() =>
      checkGuarantee({ result, attack: { ...reportAnswers(found), steps: 1, restarts: 1, stepSize: 1, seed: 0 } }),
    ).not.toThrow();
    expect(result.robust.examples - result.robust.count).toBeGreaterThan(10);
    const covered = result.answers.filter((answer, at) => answer?.class === data.labels[at] && found.broken[at]).length;
    if (rule === 'first') expect(covered).toBeGreaterThan(0);
    else expect(covered).toBe(0);
  });

  it('is the same by several threads', async () => {
    const url = bundled('toy-module').href;
    const weights = await Promise.all(stages.params.map(readTensors));
    workers = startWorkers({ models: [{ kind: 'file', url }], weights, backend: 'wasm' }, 2);
    const told: number[] = [];
    const part = { search, batch: 50, first: 0 };
    const shared = await attackCascadeByWorkers(workers, cascade, data, part, done => void told.push(done));
    expect(shared).toEqual(await attack(cascade));
    expect(told.at(-1)).toBe(120);
    const { secondsPerExample: _, ...alone } = await certifyCascade(stages, data, { epsilon, cascade, batch: 32 });
    const { secondsPerExample, ...together } = await certifyCascadeByWorkers(workers, stages, data, {
      epsilon,
      cascade,
      batch: 32,
    });
    expect(together).toEqual(alone);
    expect(secondsPerExample).toBeGreaterThan(0);
  });

  it('is of what predictions answer', async () => {
    const { answers, verdicts } = await certifyCascade(stages, data, { epsilon, cascade });
    const predictions = await predictByCascade(stages, data, { epsilon, cascade });
    predictions.forEach(({ class: predicted, stage, margin }, example) => {
      expect(stage).toBe(answers[example]?.stage ?? null);
      if (stage === null) expect(predicted).toBe(verdicts[rule === 'first' ? 2 : 0]!.classes[example]);
      else expect([predicted, margin]).toEqual([answers[example]!.class, verdicts[stage]!.margins[example]]);
    });
    // With thresholds of 0 some stage is sure of nearly everything here.
    if (rule === 'agreement') expect(predictions.some(({ stage }) => stage === null)).toBe(true);
  });
});

it('a broken guarantee is a bug of dualc, and says so', async () => {
  const result = await certifyCascade(stages, data, { epsilon });
  const broken = result.guaranteed.map(() => true);
  const facts = {
    broken,
    notComputed: [],
    attack: reportAnswers({ broken, points: data.values, notComputed: [] }).attack,
    steps: 1,
    restarts: 1,
    stepSize: 1,
    seed: 0,
  };
  expect(() => checkGuarantee({ result, attack: facts })).toThrow(/is guaranteed, but the attack found/);
});
