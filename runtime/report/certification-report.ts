/** A certification as a report: one JSON object for programs, one table for people. */
import Table from 'cli-table3';
import type { Certification } from '../certify/certify.ts';
import type { ModelMeta } from '../contract.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import { printRate, type Rate } from '../statistics/rate.ts';
import { checkOrder } from './check-order.ts';

/** How an attack was made and what it found. */
export interface AttackFacts {
  readonly attack: Rate;
  /** Per example. */
  readonly broken: readonly boolean[];
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
  readonly threads: number;
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
  readonly threads: number;
  /** In the units of the network's input, before it normalises. */
  readonly epsilon: number;
  readonly norm: 'linf' | 'l2';
  readonly box: readonly [number, number] | null;
  /** The strategy that computed each bound. */
  readonly bounds: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly intervals: Readonly<Record<string, Interval>>;
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
}: CertificationFacts): CertificationReport {
  checkOrder({ ...result, ...(attack === null ? {} : { broken: attack.broken }) });
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
    epsilon: result.epsilon,
    norm: meta.ball.norm,
    box: meta.ball.box,
    bounds: Object.fromEntries(meta.certify.choices.map(({ bound, strategy }) => [bound, strategy])),
    counts: mapRates(rate => rate.count),
    intervals: mapRates(rate => rate.interval),
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
export function certificationTable({ meta, result, attack, backend, threads }: CertificationFacts): string {
  const table = plainTable();
  table.push(['standard error', printRate(result.standard)]);
  if (attack !== null) {
    const runs = attack.restarts === 1 ? '1 run' : `${attack.restarts} runs`;
    table.push([`error under attack (PGD, ${runs} of ${attack.steps} steps)`, printRate(attack.attack)]);
  }
  table.push(
    ['robust error, certified', printRate(result.robust)],
    ...(result.notFinite === 0 ? [] : [['not finite', notFiniteNote(result.notFinite)]]),
    ['robust cross entropy', result.robustCrossEntropy?.toFixed(4) ?? 'not finite'],
    [
      'time',
      `${(1000 * result.secondsPerExample).toFixed(2)} ms per example on ${backend}, ${threads} thread${threads === 1 ? '' : 's'}`,
    ],
    ['bounds', meta.certify.choices.map(({ bound, strategy }) => `${bound}: ${strategy}`).join('\n')],
  );
  return table.toString();
}

/** What people are told of numbers that overflowed. */
export const notFiniteNote = (count: number): string =>
  `${count === 1 ? '1 example has' : `${count} examples have`} margins that are not finite:\n` +
  `weights or bounds overflow float32; ${count === 1 ? 'it counts' : 'they count'} as not certified`;

/** A table of names and values without lines between rows; cli-table3 would colour it by itself. */
export function plainTable(): Table.Table {
  const noLines = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  return new Table({ style: { head: [], border: [] }, chars: noLines });
}
