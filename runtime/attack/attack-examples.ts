import { setImmediate as nextTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { checkExamples } from '../certify/check-examples.ts';
import type { Params, RobustModel } from '../contract.ts';
import { type Rate, rateOf } from '../statistics/rate.ts';
import { type Examples, gatherBatch } from '../train/batches.ts';
import { type PgdOptions, pgdAttack } from './pgd-attack.ts';

export interface AttackReport {
  /** Examples with a misclassified point in their ball; those misclassified themselves count. */
  readonly attack: Rate;
  readonly broken: readonly boolean[];
  /** `[examples, …input shape]`, flattened. */
  readonly points: Float32Array;
}

export interface AttackExamplesOptions extends PgdOptions {
  /** Examples at a time. */
  readonly batch: number;
  /** Called after every batch. */
  onBatch?(done: number, broken: number): void;
}

/** Attacks all examples in batches. Raises `InputError` for examples that `checkExamples` refuses. */
export async function attackExamples(
  model: RobustModel,
  params: Params,
  examples: Examples,
  options: AttackExamplesOptions,
): Promise<AttackReport> {
  checkExamples({ ...model.meta, ball: { ...model.meta.ball, box: options.box } }, examples);
  const count = examples.labels.length;
  const points = new Float32Array(examples.values.length);
  const broken: boolean[] = [];
  for (let start = 0; start < count; start += options.batch) {
    const indices = Uint32Array.from({ length: Math.min(options.batch, count - start) }, (_, i) => start + i);
    const batch = gatherBatch(examples, indices, model.meta.inputShape);
    const result = pgdAttack(model, params, batch.x, batch.labels, { ...options, first: start });
    tf.dispose([batch.x, batch.labels]);
    points.set(result.points, (start * points.length) / count);
    broken.push(...result.broken);
    options.onBatch?.(broken.length, broken.filter(Boolean).length);
    await nextTurn();
  }
  return { attack: rateOf(broken.filter(Boolean).length, count), broken, points };
}
