/** Measures all rows of a bench on the backend that is selected. */

import * as tf from '@tensorflow/tfjs-core';
import type { BackendInfo } from '../../../runtime/backend/load-first.ts';
import { type MatMul, matMulToMeasure } from '../../../runtime/bench/mat-mul-speed.ts';
import { peakBytesOf } from '../../../runtime/bench/peak-bytes.ts';
import { meanTime, runRounds } from '../../../runtime/bench/rounds.ts';
import { spreadOf } from '../../../runtime/bench/spread.ts';
import { nextTurn } from '../../../runtime/next-turn.ts';
import { type KeptDerived, keepDerived } from '../../../runtime/ops/keep-derived.ts';
import { hearTurns } from '../../../runtime/ops/loop-turns.ts';
import { type BackendBench, type BenchRow, quotient } from './bench-report.ts';
import type { Subject } from './compile-strategies.ts';
import type { Prediction } from './predict.ts';
import { type RowLimits, refuseRow } from './refuse-row.ts';
import { type Bench, type RowTask, rowTask } from './row-task.ts';

export interface MeasureOptions {
  readonly rounds: number;
  readonly limits: RowLimits;
  /** Milliseconds that the update of the parameters should take, beside the program of a step. */
  readonly updateMs: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** `row` is the one that is under way: the first call of some takes long. */
  readonly onCall: (done: number, total: number, row: string) => void;
}

/** Milliseconds of a turn of short calls. */
const turnMs = 30;

interface Entry {
  readonly subject: Subject;
  readonly refused: string | null;
  readonly task: RowTask | null;
  peak: number | null;
  /** For what a call was seen to do. */
  prediction: Prediction;
}

export interface MeasuredBackend {
  readonly bench: BackendBench;
  readonly complete: boolean;
}

/** Rows that were refused are among those that it returns, with the reason. An interrupted one returns what it has. */
export async function measureBackend(
  subjects: readonly Subject[],
  bench: Bench,
  backend: BackendInfo,
  options: MeasureOptions,
): Promise<MeasuredBackend> {
  const { rounds, limits, updateMs, now, signal, onCall } = options;
  const entries = subjects.map((subject): Entry => {
    const refused = refuseRow(subject, limits);
    return {
      subject,
      refused,
      task: refused === null ? rowTask(subject, bench) : null,
      peak: null,
      prediction: subject.prediction,
    };
  });
  const running = entries.filter(({ task }) => task !== null);
  const product = await matMulToMeasure(now);
  const total = 2 * running.length + rounds * (running.length + 1);
  let done = 0;
  let kept: KeptDerived | null = null;
  try {
    for (const entry of running) {
      await nextTurn();
      if (signal.aborted) break;
      onCall(done, total, titleOf(entry.subject));
      if (entry.task !== null) Object.assign(entry, firstCall(entry.subject, entry.task));
      done++;
    }
    // As `certify` does. These calls warm up: what is made or compiled once is there when a row is timed.
    kept = keepDerived(bench.params);
    for (const { subject, task } of running) {
      await nextTurn();
      if (signal.aborted) break;
      onCall(done++, total, titleOf(subject));
      if (task !== null) await meanTime(task, { turnMs, now });
    }
    const tasks = [product, ...running.flatMap(({ task }) => task ?? [])];
    const times = await runRounds(tasks, {
      rounds,
      now,
      turnMs,
      signal,
      onceAbove: 1000 * limits.longest,
      onTurn: turns => onCall(done + turns, total, 'in rounds'),
    });
    const [ofProduct = [], ...ofRows] = times;
    const matMul = speedOf(product, ofProduct);
    const rows = entries.map(entry =>
      rowOf(entry, ofRows[running.indexOf(entry)] ?? [], matMul, { ...limits, updateMs }),
    );
    const { name, reason, threads } = backend;
    return { bench: { name, reason, threads, matMul, rows }, complete: !signal.aborted };
  } finally {
    kept?.dispose();
    product.dispose();
    for (const { task } of running) task?.dispose();
  }
}

const titleOf = ({ what, strategy, batch }: Subject): string =>
  [what, strategy, `batch ${batch}`].filter(Boolean).join(' ');

function firstCall(subject: Subject, task: RowTask): Pick<Entry, 'peak' | 'prediction'> {
  const { turns, result } = hearTurns(() => peakBytesOf(() => task.compute()));
  tf.dispose(result.result as tf.TensorContainer);
  return { peak: result.bytes, prediction: subject.predictionOf(turns) };
}

function speedOf({ size, multiplyAdds }: MatMul, times: readonly number[]): BackendBench['matMul'] {
  if (times.length === 0) return null;
  return { size, gflops: spreadOf(times.map(ms => gflopsOf(multiplyAdds, ms))) };
}

const gflopsOf = (multiplyAdds: number, ms: number): number => (2 * multiplyAdds) / ms / 1e6;

function rowOf(
  { subject, refused, peak, prediction }: Entry,
  times: readonly number[],
  matMul: BackendBench['matMul'],
  { ownRates, updateMs }: Pick<RowLimits, 'ownRates'> & Pick<MeasureOptions, 'updateMs'>,
): BenchRow {
  const { what, strategy, batch, schedule } = subject;
  const spread = times.length === 0 ? null : spreadOf(times.map(ms => ms / batch));
  const gflops = spread === null ? null : gflopsOf(prediction.multiplyAdds, spread.median * batch);
  return {
    what,
    strategy,
    batch,
    schedule,
    refused: refused ?? (spread === null ? 'was interrupted before it was timed' : null),
    msPerExample: spread,
    predictedMsPerExample: ownRates ? (prediction.milliseconds + (what === 'train' ? updateMs : 0)) / batch : null,
    gflops,
    shareOfMatMul: quotient(gflops, matMul?.gflops.median),
    peakBytes: peak,
    plannedBytes: prediction.bytes,
  };
}
