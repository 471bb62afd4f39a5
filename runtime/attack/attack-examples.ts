/** Projected gradient descent around many examples, batch by batch. */
import { checkModel } from '../border/check-model.ts';
import { checkFiniteParams } from '../border/check-params.ts';
import { checkExamples } from '../certify/check-examples.ts';
import type { Params, RobustModel } from '../contract.ts';
import { nextTurn } from '../next-turn.ts';
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
  const points = new Float32Array(values.length);
  const broken: boolean[] = [];
  for (let start = 0; start < count; start += batch) {
    const end = Math.min(start + batch, count);
    const part = { values: values.subarray(start * size, end * size), labels: labels.subarray(start, end) };
    const result = await attackBatch(model, params, part, search, start);
    points.set(result.points, start * size);
    broken.push(...result.broken);
    onBatch(broken.length, broken.filter(Boolean).length);
    await nextTurn();
  }
  return { attack: rateOf(broken.filter(Boolean).length, count), broken, points };
}
