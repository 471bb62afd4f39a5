/** An attack as a report: one JSON object for programs, one table for people. */

import type { ModelMeta } from '../contract.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import { printRate } from '../statistics/rate.ts';
import { type AttackFacts, notComputedText, plainTable } from './certification-report.ts';
import { counted } from './counted.ts';

export interface AttackRun extends AttackFacts {
  readonly meta: ModelMeta;
  /** In the units of the network's input. */
  readonly epsilon: number;
  readonly backend: string;
  /** How many shared the examples. */
  readonly workers: number;
}

/** What `dualc attack --json` prints. The rate is in [0, 1], the interval holds 95 %. */
export interface AttackReport {
  readonly schemaVersion: 1;
  readonly examples: number;
  readonly attackError: number;
  readonly count: number;
  readonly interval: Interval;
  readonly epsilon: number;
  readonly norm: 'linf' | 'l2';
  readonly box: readonly [number, number] | null;
  readonly steps: number;
  readonly stepSize: number;
  readonly restarts: number;
  readonly seed: number;
  readonly backend: string;
  readonly workers: number;
  /** Examples in which the backend broke down, even alone; they count as not broken. */
  readonly notComputed: number;
}

export function attackReport({
  attack,
  notComputed,
  meta,
  epsilon,
  steps,
  stepSize,
  restarts,
  seed,
  backend,
  workers,
}: AttackRun): AttackReport {
  return {
    schemaVersion: 1,
    examples: attack.examples,
    attackError: attack.rate,
    count: attack.count,
    interval: attack.interval,
    epsilon,
    norm: meta.ball.norm,
    box: meta.ball.box,
    steps,
    stepSize,
    restarts,
    seed,
    backend,
    workers,
    notComputed: notComputed.length,
  };
}

/** The same for people. */
export function attackTable(run: AttackRun): string {
  const { attack, steps, stepSize, restarts, seed, backend, notComputed } = run;
  const table = plainTable();
  table.push(['error under attack', printRate(attack)]);
  if (notComputed.length > 0) table.push(['not computed', notComputedText(notComputed, 'not broken')]);
  table.push(
    [
      'attack',
      `PGD, ${restarts} × ${counted(steps, 'step')} of ${Number(stepSize.toPrecision(4))}, seed ${seed}, on ${backend}`,
    ],
    ['meaning', 'at least this share of the examples can be broken; what can be certified is at most the rest'],
  );
  return table.toString();
}
