/** Projected gradient descent around many examples, batch by batch. */
import { checkModel } from '../border/check-model.ts';
import { checkFiniteParams } from '../border/check-params.ts';
import { forEachBatch } from '../certify/breakdown-proof-batches.ts';
import { checkExamples } from '../certify/check-examples.ts';
import type { Params, RobustModel } from '../contract.ts';
import { type Rate, rateOf } from '../statistics/rate.ts';
import type { Examples } from '../train/batches.ts';
import {
  type AttackExamplesOptions,
  type CheckedAttackOptions,
  checkAttackOptions,
  type Search,
} from './attack-options.ts';
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
 * Attacks all examples in batches. Raises what `checkAttack` does.
 */
export async function attackExamples(
  model: RobustModel,
  params: Params,
  examples: Examples,
  options?: AttackExamplesOptions,
): Promise<AttackReport> {
  const { search, batch, onBatch } = await checkAttack(model, params, examples, options);
  return reportAttack(await searchBalls(model, params, examples, { search, batch, first: 0 }, onBatch));
}

/**
 * The border of an attack. Raises `InputError` for options out of range, parameters that do not fit or are not finite, and
 * examples that `checkExamples` refuses.
 */
export async function checkAttack(
  model: RobustModel,
  params: Params,
  examples: Examples,
  options: AttackExamplesOptions | undefined,
): Promise<CheckedAttackOptions> {
  checkModel(model, 'attackExamples');
  const checked = checkAttackOptions(options, model.meta);
  await checkFiniteParams(params, model.meta, 'attackExamples');
  checkExamples(inBox(model.meta, checked.search.box), examples);
  return checked;
}

/** What was found, example by example. Plain data: it can be sent from one thread to another. */
export type FoundPoints = Omit<AttackReport, 'attack' | 'notComputed'> & { readonly notComputed: number[] };

export interface AttackPart {
  readonly search: Search;
  /** Examples at a time. */
  readonly batch: number;
  /** Number of the first example: it decides the random points. */
  readonly first: number;
}

/** Searches the balls of examples on the current backend. What is found does not depend on how all examples are cut into parts. */
export async function searchBalls(
  model: RobustModel,
  params: Params,
  { values, labels }: Examples,
  { search, batch, first }: AttackPart,
  onBatch: (done: number, broken: number) => void,
): Promise<FoundPoints> {
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
      const start = indices[0]!;
      const end = start + indices.length;
      const part = { values: values.subarray(start * size, end * size), labels: labels.subarray(start, end) };
      const result = await attackBatch(model, params, part, search, first + start);
      points.set(result.points, start * size);
      result.broken.forEach((fell, row) => {
        broken[start + row] = fell;
      });
    },
    giveUp: example => void notComputed.push(example),
    onBatch: done => onBatch(done, broken.filter(Boolean).length),
  });
  return { broken, points, notComputed };
}

export const reportAttack = ({ broken, points, notComputed }: FoundPoints): AttackReport => ({
  attack: rateOf(broken.filter(Boolean).length, broken.length),
  broken,
  points,
  notComputed,
});
