/**
 * What is proved of cascades, against what they answer at points of the balls: real networks, certified at the example and at
 * every sampled point, on which the cascade is asked again. A wrong answer anywhere in the ball of a guaranteed example is a false proof.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Cascade, cascadeRules, type StageVerdicts } from '../../../runtime/cascade/cascade.ts';
import { stageVerdicts } from '../../../runtime/cascade/certify-cascade.ts';
import { guaranteed, neverWrong } from '../../../runtime/cascade/guarantee.ts';
import { uniform } from '../../../runtime/random/draws.ts';
import { foldIn, keyFrom, type RandomKey } from '../../../runtime/random/random-key.ts';
import { toyModel, toyParams, useCpu } from '../../support/toy-model.ts';
import { stagesSaying, toldAnswer } from './verdicts.ts';

beforeAll(useCpu);

const model = toyModel();
const { classes } = model.meta;
const size = 6;
const epsilon = 0.08;
const centres = 60;
const pointsEach = 48;
const all = [...new Array(classes).keys()];

interface Sampled {
  /** At the examples, and at the points of their balls, which come one example after the other. */
  readonly centres: StageVerdicts[];
  readonly points: StageVerdicts[];
}

/** A cascade of related networks: each has the weights of the first, moved by its own noise, so that they mostly agree. */
async function sample(seed: number): Promise<Sampled> {
  const key = keyFrom(seed);
  const base = toyParams(seed);
  const values = uniform(foldIn(key, 'examples'), centres * size);
  const points = Float32Array.from({ length: centres * pointsEach * size }, (_, at) => {
    const example = Math.floor(at / (pointsEach * size));
    return values[example * size + (at % size)]!;
  });
  const moves = uniform(foldIn(key, 'points'), points.length);
  points.forEach((value, at) => {
    // Corners of the ball as often as points within: there certificates and answers change.
    const inner = Math.floor(at / size) % 2 === 0;
    const move = inner ? 2 * moves[at]! - 1 : moves[at]! < 0.5 ? -1 : 1;
    points[at] = Math.fround(Math.min(1, Math.max(0, value + Math.fround(0.9999 * epsilon) * move)));
  });
  const found: Sampled = { centres: [], points: [] };
  for (let stage = 0; stage < 3; stage++) {
    const params = moved(base, foldIn(key, stage), stage === 0 ? 0 : 0.7);
    const look = async (points: Float32Array): Promise<StageVerdicts> => {
      const examples = { values: points, labels: new Int32Array(points.length / size) };
      const options = { epsilon, batch: 1000, onBatch: () => {} };
      return (await stageVerdicts(model, params, examples, options)).verdicts;
    };
    found.centres.push(await look(values));
    found.points.push(await look(points));
    tf.dispose(params);
  }
  tf.dispose(base);
  return found;
}

function moved(base: Record<string, tf.Tensor>, key: RandomKey, by: number): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(base).map(([name, tensor]) => {
      const noise = uniform(foldIn(key, name), tensor.size).map(share => by * (2 * share - 1));
      return [name, tf.add(tensor, tf.tensor(noise, tensor.shape))];
    }),
  );
}

interface Tally {
  proved: number;
  provedSilent: number;
  /** Examples with a wrong answer at some point, however they are judged. */
  wrong: number;
  false: number;
}

type Claim = (stages: readonly StageVerdicts[], cascade: Cascade, label: number, example: number) => boolean;

/** Every class in turn is taken for the label of every example. */
function tally(sampled: readonly Sampled[], cascade: Cascade, claim: Claim): Tally {
  const counts = { proved: 0, provedSilent: 0, wrong: 0, false: 0 };
  for (const { centres: at, points } of sampled) {
    for (let example = 0; example < centres; example++) {
      const answers = [
        toldAnswer(at, cascade, example),
        ...Array.from({ length: pointsEach }, (_, point) => toldAnswer(points, cascade, example * pointsEach + point)),
      ];
      for (const label of all) {
        const isWrong = answers.some(answer => answer !== null && answer !== label);
        const isProved = claim(at, cascade, label, example);
        if (isWrong) counts.wrong += 1;
        if (isProved) counts.proved += 1;
        if (isProved && answers.includes(null)) counts.provedSilent += 1;
        if (isProved && isWrong) counts.false += 1;
      }
    }
  }
  return counts;
}

const networks = 24;
const sampled: Sampled[] = [];
beforeAll(async () => {
  for (let seed = 0; seed < networks; seed++) sampled.push(await sample(seed));
}, 60_000);

describe.each(cascadeRules)('the rule %s', rule => {
  it.each([[[0, 0, 0]], [[0.2, 0, 0]], [[0, 0.3, 0.1]], [[0.5, 0.5, 0.5]]])(
    'proves nothing that a point of the ball refutes, with thresholds %j',
    thresholds => {
      const counts = tally(sampled, { rule, thresholds }, neverWrong);
      expect(counts.false).toBe(0);
      expect(counts.proved).toBeGreaterThan(500);
      expect(counts.wrong).toBeGreaterThan(500);
      // Answered at the example, refused at some point: the guarantee does not deny it.
      expect(counts.provedSilent).toBeGreaterThan(0);
      const answered = tally(sampled, { rule, thresholds }, guaranteed);
      expect(answered.false).toBe(0);
      expect(answered.proved).toBeGreaterThan(100);
    },
  );

  it.each<[string, Claim]>([
    [
      'leads judged by the last stage alone',
      (stages, cascade, label, at) => neverWrong(stages.slice(-1), { ...cascade, thresholds: [0] }, label, at),
    ],
    [
      'leads larger than the thresholds they are held to',
      (stages, cascade, label, at) =>
        neverWrong(
          stages.map(stage => ({ ...stage, leads: stage.leads.map(lead => lead - 0.3) })),
          cascade,
          label,
          at,
        ),
    ],
  ])('a false claim is refuted: %s', (_, claim) => {
    expect(tally(sampled, { rule, thresholds: [0, 0, 0] }, claim).false).toBeGreaterThan(0);
  });
});

const answered: Claim = (stages, cascade, label, at) => toldAnswer(stages, cascade, at) === label;

it("under first the paper's figure, that the stage which answers there certifies, is refuted", () => {
  expect(tally(sampled, { rule: 'first', thresholds: [0, 0, 0] }, answered).false).toBeGreaterThan(0);
});

it.each([[[0, 0, 0]], [[0.4, 0, 0.2]]])(
  'under agreement an answer is its own proof, with thresholds %j',
  thresholds => {
    const cascade: Cascade = { rule: 'agreement', thresholds };
    const counts = tally(sampled, cascade, answered);
    expect(counts.false).toBe(0);
    // And no example more, no example less is guaranteed.
    expect(counts.proved).toBe(tally(sampled, cascade, guaranteed).proved);
    expect(tally(sampled, cascade, (...given) => answered(...given) !== guaranteed(...given)).proved).toBe(0);
  },
);

it('agreement, claimed of cascades of the rule first, is refuted', () => {
  const claim: Claim = (stages, cascade, label, at) => neverWrong(stages, { ...cascade, rule: 'agreement' }, label, at);
  expect(tally(sampled, { rule: 'first', thresholds: [0, 0, 0] }, claim).false).toBeGreaterThan(0);
});

it('under agreement a stage more loses no example, under first it may', () => {
  const lost = { first: 0, agreement: 0 };
  for (const rule of cascadeRules) {
    for (const { centres: at } of sampled) {
      for (let example = 0; example < centres; example++) {
        for (const label of all) {
          const proved = [1, 2, 3].map(count =>
            guaranteed(at.slice(0, count), { rule, thresholds: new Array(count).fill(0) }, label, example),
          );
          if (proved.some((before, stage) => before && proved[stage + 1] === false)) lost[rule] += 1;
        }
      }
    }
  }
  expect(lost.agreement).toBe(0);
  expect(lost.first).toBeGreaterThan(0);
});

describe('single points', () => {
  const cascade = (rule: Cascade['rule'], ...thresholds: number[]): Cascade => ({ rule, thresholds });

  it('a stage that is wrong and sure of it may answer; a stage before that certifies the label stops it under agreement', () => {
    const stages = stagesSaying([[1, 2, 0.5]], [[2, 1, Number.NaN]]);
    expect(neverWrong(stages, cascade('first', 0, 0), 1, 0)).toBe(false);
    expect(neverWrong(stages, cascade('agreement', 0, 0), 1, 0)).toBe(true);
    // Behind it, it stops nothing.
    expect(neverWrong(stages.toReversed(), cascade('agreement', 0, 0), 1, 0)).toBe(false);
  });

  it('a lead of exactly the threshold answers nowhere, one above it may', () => {
    const stages = stagesSaying([[2, 0.5, Number.NaN]]);
    expect(neverWrong(stages, cascade('first', 0.5), 1, 0)).toBe(true);
    expect(neverWrong(stages, cascade('first', 0.49), 1, 0)).toBe(false);
  });

  it('logits that are no numbers prove nothing, even of the label', () => {
    for (const rule of cascadeRules) {
      expect(neverWrong(stagesSaying([[1, Number.NaN, Number.NaN]]), cascade(rule, 0), 1, 0)).toBe(false);
    }
  });

  it('a margin of exactly the threshold does not answer', () => {
    const stages = stagesSaying([[1, 3, 0.5]]);
    expect(guaranteed(stages, cascade('first', 0.5), 1, 0)).toBe(false);
    expect(guaranteed(stages, cascade('first', 0.25), 1, 0)).toBe(true);
  });

  it('an unknown rule is refused', () => {
    const unknown = { rule: 'vote' as never, thresholds: [0] };
    expect(() => neverWrong(stagesSaying([[2, 1, 0.5]]), unknown, 1, 0)).toThrow(/no rule "vote"/);
  });
});
