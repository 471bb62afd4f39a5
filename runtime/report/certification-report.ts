/** A certification as a report: one JSON object for programs, one table for people. */

import Table from 'cli-table3';
import type { Certification } from '../certify/certification.ts';
import type { ModelMeta } from '../contract.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import { printRate, type Rate } from '../statistics/rate.ts';
import { checkOrder } from './check-order.ts';
import { counted } from './counted.ts';
import { type ProbabilityReport, probabilityReport, probabilityRows } from './probability-report.ts';

/** How an attack was made and what it found. */
export interface AttackFacts {
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

export interface CertificationFacts {
  readonly meta: ModelMeta;
  readonly result: Certification;
  readonly attack: AttackFacts | null;
  readonly backend: string;
  /** Of each worker. */
  readonly threads: number;
  /** How many shared the examples. */
  readonly workers: number;
}

/** What `dualc certify --json` prints. Rates are in [0, 1], intervals hold 95 %. */
export interface CertificationReport {
  readonly schemaVersion: 1;
  readonly examples: number;
  readonly standardError: number;
  readonly robustError: number;
  /** Null when that of some example is not finite, for which JSON has no number. */
  readonly robustCrossEntropy: number | null;
  /** Examples with margins or logits that are not finite; they count as not certified. */
  readonly notFinite: number;
  readonly secondsPerExample: number;
  readonly backend: string;
  /** Of each worker. */
  readonly threads: number;
  readonly workers: number;
  /** In the units of the network's input, before it normalises. */
  readonly epsilon: number;
  readonly norm: 'linf' | 'l2';
  readonly box: readonly [number, number] | null;
  /** The strategy that computed each bound. */
  readonly bounds: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly intervals: Readonly<Record<string, Interval>>;
  /** Examples in which the backend broke down, even alone; they count as not certified. */
  readonly notComputed: number;
  /** Where bounds hold with a probability: how it comes about. */
  readonly probability?: ProbabilityReport;
  readonly attack?: {
    readonly attackError: number;
    readonly steps: number;
    readonly restarts: number;
    readonly stepSize: number;
    readonly seed: number;
  };
}

/** Raises `SoundnessError` when the facts contradict each other: see `checkOrder`. */
export function certificationReport({
  meta,
  result,
  attack,
  backend,
  threads,
  workers,
}: CertificationFacts): CertificationReport {
  const refuted = attack?.broken.map((fell, example) => (attack.notComputed.includes(example) ? null : fell));
  checkOrder({ ...result, ...(refuted === undefined ? {} : { broken: refuted }) });
  const probability = probabilityReport(meta, result.seed);
  const rates = {
    standardError: result.standard,
    ...(attack === null ? {} : { attackError: attack.attack }),
    robustError: result.robust,
  };
  const mapRates = <T>(read: (rate: Rate) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, read(rate)]));
  return {
    schemaVersion: 1,
    examples: result.robust.examples,
    standardError: result.standard.rate,
    robustError: result.robust.rate,
    robustCrossEntropy: result.robustCrossEntropy,
    notFinite: result.notFinite,
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
    ...(probability === null ? {} : { probability }),
    ...(attack === null
      ? {}
      : {
          attack: {
            attackError: attack.attack.rate,
            steps: attack.steps,
            restarts: attack.restarts,
            stepSize: attack.stepSize,
            seed: attack.seed,
          },
        }),
  };
}

/** The same for people. */
export function certificationTable({ meta, result, attack, backend, threads, workers }: CertificationFacts): string {
  const computing = workers === 1 ? counted(threads, 'thread') : `${workers} workers of ${counted(threads, 'thread')}`;
  const table = plainTable();
  table.push(['standard error', printRate(result.standard)]);
  if (attack !== null) {
    table.push([
      `error under attack (PGD, ${counted(attack.restarts, 'run')} of ${counted(attack.steps, 'step')})`,
      printRate(attack.attack),
    ]);
  }
  table.push(['robust error, certified', printRate(result.robust)], ...probabilityRows(meta, result.seed));
  if (result.notComputed.length > 0) table.push(['not computed', notComputedText(result.notComputed, 'not certified')]);
  table.push(
    ...(result.notFinite === 0 ? [] : [['not finite', notFiniteNote(result.notFinite)]]),
    ['robust cross entropy', result.robustCrossEntropy?.toFixed(4) ?? 'not finite'],
    ['time', `${(1000 * result.secondsPerExample).toFixed(2)} ms per example on ${backend}, ${computing}`],
    ['bounds', meta.certify.choices.map(({ bound, strategy }) => `${bound}: ${strategy}`).join('\n')],
  );
  return table.toString();
}

/** What people are told of numbers that overflowed. */
export const notFiniteNote = (count: number): string =>
  `${count === 1 ? '1 example has' : `${count} examples have`} margins that are not finite:\n` +
  `weights or bounds overflow float32; ${count === 1 ? 'it counts' : 'they count'} as not certified`;

/** `2 examples, numbers 3 and 17 …`: what the backend broke down in. */
export function notComputedText(examples: readonly number[], countedAs: string): string {
  const named = examples.slice(0, 5).join(', ') + (examples.length > 5 ? ', …' : '');
  const [noun, verb] = examples.length === 1 ? ['example', 'counts'] : ['examples', 'count'];
  return `${examples.length} ${noun} (number ${named}): the backend broke down, even on one alone; ${verb} as ${countedAs}`;
}

/** A table of names and values without lines between rows; cli-table3 would colour it by itself. */
export function plainTable(): Table.Table {
  const noLines = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  return new Table({ style: { head: [], border: [] }, chars: noLines });
}
