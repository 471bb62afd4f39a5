/** A cascade's certification as a report: one JSON object for programs, tables for people. */
import Table from 'cli-table3';
import type { CascadeRule } from '../cascade/cascade.ts';
import type { CascadeCertification } from '../cascade/judge-cascade.ts';
import type { ModelMeta } from '../contract.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import { printRate, type Rate } from '../statistics/rate.ts';
import { notComputedText, plainTable } from './certification-report.ts';
import { SoundnessError } from './check-order.ts';
import { counted } from './counted.ts';

/** An attack through the certificates, and what it found. */
export interface CascadeAttackFacts {
  readonly attack: Rate;
  /** Per example. */
  readonly broken: readonly boolean[];
  /** Examples in which the backend broke down: nothing is known of them. */
  readonly notComputed: readonly number[];
  readonly steps: number;
  readonly restarts: number;
  readonly stepSize: number;
  readonly seed: number;
}

export interface CascadeFacts {
  readonly meta: ModelMeta;
  readonly result: CascadeCertification;
  readonly attack: CascadeAttackFacts | null;
  readonly backend: string;
  /** Of each worker. */
  readonly threads: number;
  /** How many shared the examples. */
  readonly workers: number;
}

/** What `dualc certify --json` prints for a cascade. Rates are in [0, 1], intervals hold 95 %. */
export interface CascadeReport {
  readonly schemaVersion: 1;
  readonly examples: number;
  /** With the guess of the last stage, or under the rule `agreement` of the first one, where the cascade abstains. */
  readonly standardError: number;
  /** Examples for which it is not proved that they are answered rightly and no point of their ball wrongly. */
  readonly robustError: number;
  /** A cascade has no margins of its own. */
  readonly robustCrossEntropy: null;
  /** The paper's figure: examples that are not answered rightly where they are. Under the rule `first` it guarantees nothing of their balls. */
  readonly coverageError: number;
  /** Examples without an answer, and with a wrong one. */
  readonly abstained: number;
  readonly wrongAnswers: number;
  readonly rule: CascadeRule;
  readonly thresholds: readonly number[];
  readonly stages: readonly {
    readonly standardError: number;
    readonly robustError: number;
    readonly answered: number;
  }[];
  readonly secondsPerExample: number;
  readonly backend: string;
  readonly threads: number;
  readonly workers: number;
  readonly epsilon: number;
  readonly norm: 'linf' | 'l2';
  readonly box: readonly [number, number] | null;
  readonly bounds: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly notComputed: number;
  readonly attack?: {
    /** Examples with a point in their ball that the cascade answers wrongly. */
    readonly attackError: number;
    /** Of those that the paper's figure counts as robust, how many. */
    readonly coveredButBroken: number;
    readonly notComputed: number;
    readonly steps: number;
    readonly restarts: number;
    readonly stepSize: number;
    readonly seed: number;
  };
}

/** Raises `SoundnessError` when an attack breaks what is guaranteed. */
export function cascadeReport(facts: CascadeFacts): CascadeReport {
  const { meta, result, attack, backend, threads, workers } = facts;
  checkGuarantee(facts);
  const rates = {
    standardError: result.standard,
    coverageError: result.coverage,
    robustError: result.robust,
    abstained: result.abstained,
    wrongAnswers: result.wrong,
    ...(attack === null ? {} : { attackError: attack.attack }),
  };
  const mapRates = <T>(read: (rate: Rate) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, read(rate)]));
  return {
    schemaVersion: 1,
    examples: result.labels.length,
    standardError: result.standard.rate,
    robustError: result.robust.rate,
    robustCrossEntropy: null,
    coverageError: result.coverage.rate,
    abstained: result.abstained.rate,
    wrongAnswers: result.wrong.rate,
    rule: result.cascade.rule,
    thresholds: result.cascade.thresholds,
    stages: result.stages.map(({ standard, robust, answered }) => ({
      standardError: standard.rate,
      robustError: robust.rate,
      answered,
    })),
    secondsPerExample: result.secondsPerExample,
    backend,
    threads,
    workers,
    epsilon: result.epsilon,
    norm: meta.ball.norm,
    box: meta.ball.box,
    bounds: Object.fromEntries(meta.certify.choices.map(({ bound, strategy }) => [bound, strategy])),
    counts: mapRates(rate => rate.count),
    intervals: mapRates(rate => rate.interval),
    notComputed: result.notComputed.length,
    ...(attack === null
      ? {}
      : {
          attack: {
            attackError: attack.attack.rate,
            coveredButBroken: coveredButBroken(facts),
            notComputed: attack.notComputed.length,
            steps: attack.steps,
            restarts: attack.restarts,
            stepSize: attack.stepSize,
            seed: attack.seed,
          },
        }),
  };
}

/** The same for people. */
export function cascadeTable(facts: CascadeFacts): string {
  const { meta, result, attack, backend, threads, workers } = facts;
  const computing = workers === 1 ? counted(threads, 'thread') : `${workers} workers of ${counted(threads, 'thread')}`;
  const stages = new Table({
    head: ['stage', 'standard error', 'robust error alone', 'answers', 'threshold'],
    style: { head: [], border: [] },
  });
  result.stages.forEach(({ standard, robust, answered }, stage) => {
    const threshold = Number(result.cascade.thresholds[stage]!.toPrecision(3));
    stages.push([String(stage + 1), percent(standard), percent(robust), String(answered), String(threshold)]);
  });
  const table = plainTable();
  const { rule } = result.cascade;
  table.push(
    ['rule', ruleTexts[rule]],
    ['standard error', `${printRate(result.standard)}\n${guessTexts[rule]}`],
    ['abstained', printRate(result.abstained)],
    ['wrong answers', printRate(result.wrong)],
    ['coverage error', `${printRate(result.coverage)}\n${coverageTexts[rule]}`],
    [
      'robust error',
      `${printRate(result.robust)}\nnot proved: answered rightly, and no point of the ball wrongly (some may get no answer)`,
    ],
  );
  if (attack !== null) table.push(['attack through certificates', attackText(facts, attack)]);
  if (attack !== null && attack.notComputed.length > 0)
    table.push(['not attacked', notComputedText(attack.notComputed, 'not broken')]);
  if (result.notComputed.length > 0) table.push(['not computed', notComputedText(result.notComputed, 'not certified')]);
  table.push(
    ['time', `${(1000 * result.secondsPerExample).toFixed(2)} ms per example, all stages, on ${backend}, ${computing}`],
    ['bounds', meta.certify.choices.map(({ bound, strategy }) => `${bound}: ${strategy}`).join('\n')],
  );
  return `${stages.toString()}\n${table.toString()}`;
}

/** Raises `SoundnessError` when an attack found what is proved not to be there. */
export function checkGuarantee({ result, attack }: Pick<CascadeFacts, 'result' | 'attack'>): void {
  const example = result.guaranteed.findIndex((proved, at) => proved && attack?.broken[at] === true);
  if (example < 0) return;
  throw new SoundnessError(
    `example ${example} is guaranteed, but the attack found a point of its ball that the cascade answers wrongly. This is a bug in dualc: ` +
      'please report it with the architecture, the weights and this example',
  );
}

const coveredButBroken = ({ result, attack }: CascadeFacts): number =>
  result.answers.filter((answer, at) => answer?.class === result.labels[at] && attack?.broken[at] === true).length;

function attackText(facts: CascadeFacts, { attack, steps, restarts }: CascadeAttackFacts): string {
  const covered = facts.result.coverage.examples - facts.result.coverage.count;
  return (
    `${printRate(attack)} answered wrongly somewhere in their ball\n` +
    `${coveredButBroken(facts)} of the ${covered} that the coverage counts as robust, none of those that are proved\n` +
    `(${counted(restarts, 'run')} of ${counted(steps, 'step')} for each stage)`
  );
}

const ruleTexts: Readonly<Record<CascadeRule, string>> = {
  first: 'first: the first stage that certifies its own class answers',
  agreement: 'agreement: the first stage that certifies its own class answers, if all before it predict that class',
};

const coverageTexts: Readonly<Record<CascadeRule, string>> = {
  first: "not answered rightly at the example itself (the paper's figure, which guarantees nothing around it)",
  agreement: 'not answered rightly at the example itself; under this rule an answer is its own proof',
};

const guessTexts: Readonly<Record<CascadeRule, string>> = {
  first: 'where the cascade abstains, the last stage guesses',
  agreement: 'where the cascade abstains, the first stage guesses',
};

const percent = ({ rate }: Rate): string => `${(100 * rate).toFixed(1)} %`;
