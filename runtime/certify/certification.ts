/** What the certificates of examples come to, counted. */
import type { ModelMeta } from '../contract.ts';
import { type Rate, rateOf } from '../statistics/rate.ts';
import { certified, crossEntropy, isFiniteRow, misclassified } from '../statistics/verdict.ts';
import type { Certificates, KeptBounds } from './certificates.ts';

export interface Certification {
  readonly epsilon: number;
  /** Of the draws, where the bounds hold with a probability over them; else null. */
  readonly seed: number | null;
  /** Examples whose label's logit is not the largest. */
  readonly standard: Rate;
  /** Examples that are not certified: `J ≤ 0`, or not finite, for some class but the label. */
  readonly robust: Rate;
  /** Mean cross entropy of `−J` against the label, over the examples that were computed; null when one of theirs is not finite. */
  readonly robustCrossEntropy: number | null;
  /** Examples with margins or logits that are not finite: they are not certified, and their margins are all NaN, which nobody can take for a proof. */
  readonly notFinite: number;
  /** Time of the certificates: margins, logits, and bounds where they are kept. With several workers the time until all are there. */
  readonly secondsPerExample: number;
  /** `J`, `[examples, classes]`. */
  readonly margins: Float32Array;
  /** `[examples, classes]`. */
  readonly logits: Float32Array;
  /** By nonlinearity; null unless they were asked for. */
  readonly bounds: Readonly<Record<string, KeptBounds>> | null;
  /** Per example, as they were given. */
  readonly labels: Int32Array;
  /** Per example, the class with the largest logit; −1 where logits are not numbers. */
  readonly predictions: Int32Array;
  /** Per example. */
  readonly misclassified: readonly boolean[];
  readonly certified: readonly boolean[];
  /** Examples in which the backend broke down each time: not certified, and their `J` is not a number. */
  readonly notComputed: readonly number[];
}

/** Judges every example in order, so that sums are the same however the certificates came about. */
export function judge(
  { classes }: ModelMeta,
  { epsilon, seed }: Pick<Certification, 'epsilon' | 'seed'>,
  labels: Int32Array,
  { margins, logits, bounds, notComputed }: Certificates,
  seconds: number,
): Certification {
  const missing = new Set(notComputed);
  const wrong: boolean[] = [];
  const proved: boolean[] = [];
  let notFinite = 0;
  let entropy = 0;
  labels.forEach((label, example) => {
    const at = example * classes;
    wrong.push(misclassified(logits, at, classes, label));
    proved.push(certified(margins, at, classes, label));
    if (missing.has(example)) return;
    if (!isFiniteRow(margins, at, classes)) notFinite += 1;
    entropy += crossEntropy(margins, at, classes, label, -1);
  });
  const count = labels.length;
  const computed = count - missing.size;
  return {
    epsilon,
    seed,
    standard: rateOf(wrong.filter(Boolean).length, count),
    robust: rateOf(proved.filter(robust => !robust).length, count),
    robustCrossEntropy: notFinite === 0 && computed > 0 ? entropy / computed : null,
    notFinite,
    secondsPerExample: computed === 0 ? 0 : seconds / computed,
    margins,
    logits,
    bounds,
    labels,
    predictions: predictionsOf(logits, classes),
    misclassified: wrong,
    certified: proved,
    notComputed,
  };
}

function predictionsOf(logits: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: logits.length / classes }, (_, example) => {
    const row = logits.subarray(example * classes, (example + 1) * classes);
    return row.some(Number.isNaN) ? -1 : row.indexOf(row.reduce((largest, logit) => Math.max(largest, logit)));
  });
}
