/** Projected gradient descent around many examples, batch by batch. */
import { checkModel } from '../border/check-model.ts';
import { checkFiniteParams } from '../border/check-params.ts';
import { forEachBatch } from '../certify/breakdown-proof-batches.ts';
import { checkExamples } from '../certify/check-examples.ts';
import type { Params, RobustModel } from '../contract.ts';
import { type Rate, rateOf } from '../statistics/rate.ts';
import type { Examples } from '../train/batches.ts';
import { type AttackExamplesOptions, checkAttackOptions } from './attack-options.ts';
import { attackBatch, inBox } from './pgd-attack.ts';

export interface AttackReport {
  /** Examples with a misclassified point in their ball; those misclassified themselves count. */
  readonly attack: Rate;
  readonly broken: readonly boolean[];
  /** `[examples, …input shape]`, flattened. */
  readonly points: Float32Array;
  /** Examples in which the backend broke down each time; they count as not broken. */
  readonly notComputed: readonly number[];
}

/**
 * Attacks all examples in batches. Raises `InputError` for options out of range, parameters that do not fit or are not finite,
 * and examples that `checkExamples` refuses.
 */
export async function attackExamples(
  model: RobustModel,
  params: Params,
  examples: Examples,
  options?: AttackExamplesOptions,
): Promise<AttackReport> {
  checkModel(model, 'attackExamples');
  const { search, batch, onBatch } = checkAttackOptions(options, model.meta);
  await checkFiniteParams(params, model.meta, 'attackExamples');
  checkExamples(inBox(model.meta, search.box), examples);
  const { values, labels } = examples;
  const count = labels.length;
  const size = values.length / count;
  const points = values.slice();
  const broken = new Array<boolean>(count).fill(false);
  const notComputed: number[] = [];
  await forEachBatch({
    count,
    batch,
    params,
    async compute(indices) {
      const first = indices[0]!;
      const end = first + indices.length;
      const part = { values: values.subarray(first * size, end * size), labels: labels.subarray(first, end) };
      const result = await attackBatch(model, params, part, search, first);
      points.set(result.points, first * size);
      result.broken.forEach((fell, row) => {
        broken[first + row] = fell;
      });
    },
    giveUp: example => notComputed.push(example),
    onBatch: done => onBatch(done, broken.filter(Boolean).length),
  });
  return { attack: rateOf(broken.filter(Boolean).length, count), broken, points, notComputed };
}
