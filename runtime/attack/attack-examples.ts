import * as tf from '@tensorflow/tfjs-core';
import { forEachBatch } from '../certify/breakdown-proof-batches.ts';
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
  /** Examples in which the backend broke down each time; they count as not broken. */
  readonly notComputed: readonly number[];
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
  const points = examples.values.slice();
  const broken = new Array<boolean>(count).fill(false);
  const notComputed: number[] = [];
  await forEachBatch({
    count,
    batch: options.batch,
    params,
    compute(indices) {
      const first = indices[0]!;
      const batch = gatherBatch(examples, indices, model.meta.inputShape);
      const result = pgdAttack(model, params, batch.x, batch.labels, { ...options, first });
      tf.dispose([batch.x, batch.labels]);
      points.set(result.points, (first * points.length) / count);
      result.broken.forEach((fell, row) => {
        broken[first + row] = fell;
      });
    },
    giveUp: example => notComputed.push(example),
    onBatch: done => options.onBatch?.(done, broken.filter(Boolean).length),
  });
  return { attack: rateOf(broken.filter(Boolean).length, count), broken, points, notComputed };
}
