/** What a cascade comes to on labelled examples, counted. */
import { type Rate, rateOf } from '../statistics/rate.ts';
import { answerAt, guessAt } from './answers.ts';
import type { Answer, Cascade, StageVerdicts } from './cascade.ts';
import { guaranteed } from './guarantee.ts';

export interface StageRates {
  /** Examples whose label it does not predict. */
  readonly standard: Rate;
  /** Examples that it does not certify by itself, at a threshold of 0. */
  readonly robust: Rate;
  /** Examples that the cascade answers by this stage, right or wrong. */
  readonly answered: number;
}

export interface CascadeCertification {
  readonly epsilon: number;
  readonly cascade: Cascade;
  readonly stages: readonly StageRates[];
  /** Of the answers, with a guess where the cascade abstains. */
  readonly standard: Rate;
  /** Examples that are not answered rightly, by a stage that certifies them: the paper's figure, which guarantees nothing. */
  readonly coverage: Rate;
  /** Examples that are not `guaranteed`. */
  readonly robust: Rate;
  /** Examples that get no answer. */
  readonly abstained: Rate;
  /** Examples that get a wrong answer, which a stage certifies. */
  readonly wrong: Rate;
  readonly secondsPerExample: number;
  /** Per example; null where the cascade abstains. */
  readonly answers: readonly (Answer | null)[];
  readonly guaranteed: readonly boolean[];
  readonly verdicts: readonly StageVerdicts[];
  readonly labels: Int32Array;
  /** Examples in which the backend broke down, in some stage. */
  readonly notComputed: readonly number[];
}

export function judgeCascade(
  verdicts: readonly StageVerdicts[],
  cascade: Cascade,
  epsilon: number,
  labels: Int32Array,
  seconds: number,
): CascadeCertification {
  const count = labels.length;
  const examples = [...labels.keys()];
  const answers = examples.map(example => answerAt(verdicts, cascade, example));
  const proved = examples.map(example => guaranteed(verdicts, cascade, labels[example]!, example));
  const rate = (holds: (label: number, example: number) => boolean): Rate =>
    rateOf(
      examples.reduce((sum, example) => sum + Number(holds(labels[example]!, example)), 0),
      count,
    );
  const missing = new Set(verdicts.flatMap(({ notComputed }) => notComputed));
  return {
    epsilon,
    cascade,
    stages: verdicts.map(({ classes, margins, leads }, stage) => ({
      standard: rate((label, example) => !(classes[example] === label && leads[example]! > 0)),
      robust: rate((label, example) => !(classes[example] === label && margins[example]! > 0)),
      answered: answers.filter(answer => answer?.stage === stage).length,
    })),
    standard: rate((label, example) => (answers[example]?.class ?? guessAt(verdicts, cascade, example)) !== label),
    coverage: rate((label, example) => answers[example]?.class !== label),
    robust: rate((_, example) => !proved[example]),
    abstained: rate((_, example) => answers[example] === null),
    wrong: rate((label, example) => answers[example] !== null && answers[example]?.class !== label),
    secondsPerExample: seconds / count,
    answers,
    guaranteed: proved,
    verdicts,
    labels,
    notComputed: [...missing].sort((a, b) => a - b),
  };
}
