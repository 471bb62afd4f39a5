/** Projected gradient descent: looks for points of the ball that the network gets wrong. */
import * as tf from '@tensorflow/tfjs-core';
import { checkCall } from '../border/check-call.ts';
import { checkModel } from '../border/check-model.ts';
import { checkExamples } from '../certify/check-examples.ts';
import type { ModelMeta, Params, RobustModel } from '../contract.ts';
import { foldIn } from '../random/random-key.ts';
import { misclassified } from '../statistics/verdict.ts';
import { type Examples, gatherBatch } from '../train/batches.ts';
import { checkPgdOptions, type PgdOptions, type Search } from './attack-options.ts';
import { project } from './ball.ts';
import { climb, perturb } from './moves.ts';

export interface AttackResult {
  /** Per example: whether a point of the ball was found that is misclassified; the example itself counts. */
  readonly broken: readonly boolean[];
  /** Per example the point found, or the example where none was: `[batch, …input shape]`, flattened. */
  readonly points: Float32Array;
}

/**
 * Attacks a batch (Madry et al. 2018, section 2.1; ℓ2 steps are normalised gradients). `x` is `[batch, …input shape]`,
 * `labels` `[batch]`; both stay with the caller. Every point returned lies in the ball and the box, exactly, measured in
 * float64. An example that is broken is not attacked further. The same key gives the same points on the same backend. Raises
 * `InputError` for options out of range, and for parameters or examples that do not fit the network or its box.
 */
export async function pgdAttack(
  model: RobustModel,
  params: Params,
  x: tf.Tensor,
  labels: tf.Tensor1D,
  options?: PgdOptions,
): Promise<AttackResult> {
  checkModel(model, 'pgdAttack');
  const { search, first } = checkPgdOptions(options, model.meta);
  checkCall(model.meta, 'pgdAttack', { params, x, labels });
  const batch = { values: (await x.data<'float32'>()).slice(), labels: Int32Array.from(await labels.data()) };
  checkExamples(inBox(model.meta, search.box), batch);
  return attackBatch(model, params, batch, search, first);
}

/** The meta of the network as if its ball had that box. */
export const inBox = (meta: ModelMeta, box: Search['box']): ModelMeta => ({ ...meta, ball: { ...meta.ball, box } });

/** As `pgdAttack`, behind the border. `first` is the number of the batch's first example. */
export async function attackBatch(
  model: RobustModel,
  params: Params,
  { values: centres, labels: classOf }: Examples,
  search: Search,
  first: number,
): Promise<AttackResult> {
  const count = classOf.length;
  const size = centres.length / Math.max(count, 1);
  const points = centres.slice();
  const broken = new Array<boolean>(count).fill(false);
  const centreOf = (example: number): Float32Array => centres.subarray(example * size, (example + 1) * size);
  const pointOf = (example: number): Float32Array => points.subarray(example * size, (example + 1) * size);

  for (let restart = 0; restart < search.restarts; restart++) {
    const restartKey = foldIn(search.key, restart);
    for (let example = 0; example < count; example++) {
      if (broken[example]) continue;
      pointOf(example).set(centreOf(example));
      if (restart > 0) perturb(pointOf(example), centreOf(example), foldIn(restartKey, first + example), search);
    }
    for (let step = 0; step <= search.steps; step++) {
      const open = Uint32Array.from(broken.keys()).filter(example => !broken[example]);
      if (open.length === 0) return { broken, points };
      const { logits, gradient } = await evaluate(model, params, points, classOf, open);
      open.forEach((example, row) => {
        broken[example] = misclassified(logits, row * model.meta.classes, model.meta.classes, classOf[example]!);
        if (broken[example] || step === search.steps) return;
        climb(pointOf(example), gradient.subarray(row * size, (row + 1) * size), search);
        project(pointOf(example), centreOf(example), search);
      });
    }
  }
  broken.forEach((found, example) => {
    if (!found) pointOf(example).set(centreOf(example));
  });
  return { broken, points };
}

/** Logits `[open, classes]` and the gradient of the cross entropy `[open, …]` at the points of the open examples. */
async function evaluate(
  model: RobustModel,
  params: Params,
  points: Float32Array,
  classOf: Int32Array,
  open: Uint32Array,
): Promise<{ logits: Float32Array; gradient: Float32Array }> {
  const batch = gatherBatch({ values: points, labels: classOf }, open, model.meta.inputShape);
  const result = model.inputGradient(params, batch.x, batch.labels);
  const read = {
    logits: (await result.logits.data<'float32'>()).slice(),
    gradient: (await result.gradient.data<'float32'>()).slice(),
  };
  tf.dispose([batch.x, batch.labels, result.crossEntropy, result.logits, result.gradient]);
  return read;
}
