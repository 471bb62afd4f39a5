/** Who answers in a cascade, and what that comes to. */
import { describe, expect, it } from 'vitest';
import { answerAt, guessAt } from '../../../runtime/cascade/answers.ts';
import { chooseThresholds } from '../../../runtime/cascade/choose-thresholds.ts';
import { guaranteed, neverWrong } from '../../../runtime/cascade/guarantee.ts';
import { judgeCascade } from '../../../runtime/cascade/judge-cascade.ts';
import { verdictsFrom } from '../../../runtime/cascade/stage-verdicts.ts';
import { uniform } from '../../../runtime/random/draws.ts';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { toyMeta } from '../../support/toy-model.ts';
import { type Said, stagesSaying, toldAnswer } from './verdicts.ts';

const none = Number.NaN;
const first = { rule: 'first', thresholds: [0, 0] } as const;
const agreement = { rule: 'agreement', thresholds: [0, 0] } as const;

describe('an answer', () => {
  it('comes from the first stage that is sure', () => {
    const stages = stagesSaying([[0, 1, none]], [[2, 1, 0.5]]);
    expect(answerAt(stages, first, 0)).toEqual({ class: 2, stage: 1 });
    expect(answerAt(stages, agreement, 0)).toBeNull();
    expect(guessAt(stages, first, 0)).toBe(2);
    expect(guessAt(stages, agreement, 0)).toBe(0);
  });

  it('under agreement needs all stages before, sure or not', () => {
    const sure: readonly Said[] = [[2, 1, 0.5]];
    const three = { rule: 'agreement', thresholds: [0, 0, 0] } as const;
    expect(answerAt(stagesSaying([[2, 1, none]], [[2, 1, none]], sure), three, 0)).toEqual({ class: 2, stage: 2 });
    expect(answerAt(stagesSaying([[2, 1, none]], [[0, 1, none]], sure), three, 0)).toBeNull();
    expect(answerAt(stagesSaying([[0, 1, none]], [[2, 1, none]], sure), three, 0)).toBeNull();
    expect(answerAt(stagesSaying([[2, 1, 0.1]], [[0, 1, 3]], sure), three, 0)).toEqual({ class: 2, stage: 0 });
  });

  it('needs a margin above the threshold of its stage', () => {
    const stages = stagesSaying([[0, 1, 0.5]], [[0, 1, 0.75]]);
    expect(answerAt(stages, { rule: 'first', thresholds: [0.5, 0.5] }, 0)).toEqual({ class: 0, stage: 1 });
    expect(answerAt(stages, { rule: 'first', thresholds: [0.5, 0.75] }, 0)).toBeNull();
  });

  it('is what the cascade told again answers, on all small cases', () => {
    const margins = [none, 0.2, 0.6];
    const said: Said[] = [0, 1].flatMap(own => margins.map((margin): Said => [own, 1, margin]));
    for (const a of said) {
      for (const b of said) {
        for (const c of said) {
          const stages = stagesSaying([a], [b], [c]);
          for (const rule of ['first', 'agreement'] as const) {
            for (const thresholds of [
              [0, 0, 0],
              [0.4, 0, 0.2],
            ]) {
              const cascade = { rule, thresholds };
              expect(answerAt(stages, cascade, 0)?.class ?? null).toBe(toldAnswer(stages, cascade, 0));
            }
          }
        }
      }
    }
  });
});

describe('verdicts of a stage', () => {
  const certificates = {
    classes: Int32Array.of(1, 0, 2, 0),
    margins: Float32Array.of(0.5, 0, 0.25, 0, 1, -1, none, none, none, 0, 1, 2),
    logits: Float32Array.of(1, 3, 2, 5, 4, 1, 0, 1, 2, none, 1, 0),
    bounds: null,
    notComputed: [2],
  };

  it('are the least margin of its own class where all are positive and logits are numbers, and the lead at the example', () => {
    const { classes, margins, leads, notComputed } = verdictsFrom(certificates, toyMeta);
    expect([...classes]).toEqual([1, 0, -1, -1]);
    expect([...margins]).toEqual([0.25, none, none, none]);
    expect([...leads]).toEqual([1, 1, none, none]);
    expect(notComputed).toEqual([2]);
  });

  it('that were not computed prove nothing and agree with nothing, though their logits are known', () => {
    // As after a breakdown: the class was never told (0), and the logits say 1.
    const lost = {
      classes: Int32Array.of(0),
      margins: Float32Array.of(none, none, none),
      logits: Float32Array.of(1, 5, 2),
      notComputed: [0],
    };
    const [sure] = stagesSaying([[0, 1, 0.5]]);
    const stages = [verdictsFrom(lost, toyMeta), sure!];
    for (const rule of ['first', 'agreement'] as const) {
      expect(guaranteed(stages, { rule, thresholds: [0, 0] }, 0, 0)).toBe(false);
      expect(neverWrong(stages, { rule, thresholds: [0, 0] }, 0, 0)).toBe(false);
    }
    expect(answerAt(stages, agreement, 0)).toBeNull();
  });
});

describe('a judged cascade', () => {
  // Answered rightly by each stage, wrongly, not at all, and rightly where the other stage is sure of another class.
  const labels = Int32Array.of(0, 1, 2, 1, 0);
  const stages = stagesSaying(
    [
      [0, 2, 0.5],
      [1, 1, none],
      [0, 1, 0.1],
      [1, 1, none],
      [0, 3, 1],
    ],
    [
      [0, 1, none],
      [1, 1, 0.3],
      [2, 1, none],
      [0, 1, none],
      [2, 2, 1],
    ],
  );

  it('counts what it says it counts', () => {
    const judged = judgeCascade(stages, first, 0.1, labels, 2);
    const counts = ({ standard, coverage, robust, abstained, wrong }: typeof judged): number[] =>
      [standard, coverage, robust, abstained, wrong].map(({ count }) => count);
    // By first: the last example is answered rightly, but at a point nearby stage 2 may answer 2.
    expect(counts(judged)).toEqual([2, 2, 3, 1, 1]);
    expect(judged.guaranteed).toEqual([true, true, false, false, false]);
    expect(judged.stages.map(({ answered, standard, robust }) => [answered, standard.count, robust.count])).toEqual([
      [3, 1, 3],
      [1, 2, 4],
    ]);
    const agreed = judgeCascade(stages, agreement, 0.1, labels, 2);
    expect(counts(agreed)).toEqual([1, 2, 2, 1, 1]);
    expect(agreed.secondsPerExample).toBe(0.4);
  });
});

describe('thresholds', () => {
  const count = 60;
  const random = (seed: number): { stages: ReturnType<typeof stagesSaying>; labels: Int32Array } => {
    const shares = uniform(keyFrom(seed), count * 7);
    const at = (example: number, which: number): number => shares[example * 7 + which]!;
    const says = (example: number, offset: number): Said => {
      const predicted = Math.floor(3 * at(example, offset));
      const lead = 2 * at(example, offset + 1);
      return [predicted, lead, at(example, offset + 2) < 0.5 ? none : lead * at(example, offset + 2)];
    };
    const examples = [...new Array(count).keys()];
    return {
      stages: stagesSaying(
        examples.map(example => says(example, 0)),
        examples.map(example => says(example, 3)),
      ),
      labels: Int32Array.from(examples, example => Math.floor(1.6 * at(example, 6))),
    };
  };
  const countOf = (seed: number, rule: 'first' | 'agreement', thresholds: readonly number[]): number => {
    const { stages, labels } = random(seed);
    return labels.reduce((sum, label, at) => sum + Number(guaranteed(stages, { rule, thresholds }, label, at)), 0);
  };

  it('guarantee as many examples as the best of a fine grid, or nearly, and never fewer than none do', () => {
    let better = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { stages, labels } = random(seed);
      const chosen = countOf(seed, 'first', chooseThresholds(stages, 'first', labels));
      const plain = countOf(seed, 'first', [0, 0]);
      const grid = [...new Array(41).keys()].map(step => step / 20);
      const best = Math.max(...grid.flatMap(a => grid.map(b => countOf(seed, 'first', [a, b]))));
      expect(chosen).toBeGreaterThanOrEqual(plain);
      expect(chosen).toBeGreaterThanOrEqual(0.8 * best);
      if (chosen > plain) better += 1;
    }
    expect(better).toBeGreaterThan(10);
  });

  it('under agreement stay at 0', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { stages, labels } = random(seed);
      expect(chooseThresholds(stages, 'agreement', labels)).toEqual([0, 0]);
    }
  });
});
