/** Exact certification of examples, batch by batch. */

import * as tf from '@tensorflow/tfjs-core';
import { requireCoveredConvolutions } from '../backend/covered-convolutions.ts';
import { requireSoundBackend } from '../backend/self-test.ts';
import { checkModel } from '../border/check-model.ts';
import { checkFiniteParams } from '../border/check-params.ts';
import type { Certificate, Params, RobustModel } from '../contract.ts';
import { type Rate, rateOf } from '../statistics/rate.ts';
import { certified, crossEntropy, isFiniteRow, misclassified } from '../statistics/verdict.ts';
import { type Examples, gatherBatch } from '../train/batches.ts';
import { forEachBatch } from './breakdown-proof-batches.ts';
import { type CertifyOptions, checkCertifyOptions } from './certify-options.ts';
import { checkExamples } from './check-examples.ts';
import { requireProof } from './require-proof.ts';

/** Bounds of one nonlinearity's input for all examples, one after the other. */
export interface KeptBounds {
  /** Of one example. */
  readonly shape: readonly number[];
  readonly lower: Float32Array;
  readonly upper: Float32Array;
}

export interface Certification {
  readonly epsilon: number;
  /** Examples whose label's logit is not the largest. */
  readonly standard: Rate;
  /** Examples that are not certified: `J ≤ 0`, or not finite, for some class but the label. */
  readonly robust: Rate;
  /** Mean cross entropy of `−J` against the label, over the examples that were computed; null when one of theirs is not finite. */
  readonly robustCrossEntropy: number | null;
  /** Examples with margins or logits that are not finite: they are not certified, and their margins are all NaN, which nobody can take for a proof. */
  readonly notFinite: number;
  /** Time of the certificates: margins, logits, and bounds where they are kept. */
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

/**
 * Certifies every example against the ball of radius `epsilon` around it (paper, eq. 2 with the signs of its errata):
 * an example counts as robust only if `J` is finite and above 0 for every other class. Raises `InputError` for options out of
 * range, parameters that do not fit or are not finite, examples that `checkExamples` refuses, and a module whose certificate is no proof; `EnvironmentError`
 * when the backend does not pass its self-test.
 */
export async function certify(
  model: RobustModel,
  params: Params,
  examples: Examples,
  options?: CertifyOptions,
): Promise<Certification> {
  checkModel(model, 'certify');
  const { meta } = model;
  const { epsilon, batch: batchSize, keepBounds, onBatch } = checkCertifyOptions(options, meta);
  requireProof(meta);
  await checkFiniteParams(params, meta, 'certify');
  checkExamples(meta, examples);
  await requireSoundBackend();
  requireCoveredConvolutions(meta);
  const { classes } = meta;
  const count = examples.labels.length;
  const margins = new Float32Array(count * classes);
  // Where the backend breaks down before it gives any, none of them counts as right.
  const logits = new Float32Array(count * classes).fill(Number.NaN);
  const bounds = keepBounds ? emptyBounds(model, count) : null;
  const wrong: boolean[] = [];
  const proved: boolean[] = [];
  let notFinite = 0;
  let milliseconds = 0;
  let entropy = 0;

  const notComputed: number[] = [];
  const compute = async (indices: Uint32Array): Promise<void> => {
    const start = indices[0]!;
    const batch = gatherBatch(examples, indices, meta.inputShape);
    const began = performance.now();
    const given = await model.certificate(params, batch.x, epsilon, { classes: batch.labels, bounds: keepBounds });
    logits.set(await take(given.logits), start * classes);
    margins.set(await take(given.margins), start * classes);
    milliseconds += performance.now() - began;
    if (bounds !== null) await keepBoundsOf(given.bounds, bounds, start);
    tf.dispose([batch.x, batch.labels, given.classes]);
  };
  const judge = (example: number): void => {
    const label = examples.labels[example]!;
    const at = example * classes;
    const computed = notComputed.at(-1) !== example;
    if (computed && (!isFiniteRow(margins, at, classes) || !isFiniteRow(logits, at, classes))) {
      margins.fill(Number.NaN, at, at + classes);
      notFinite += 1;
    }
    wrong.push(misclassified(logits, at, classes, label));
    proved.push(certified(margins, at, classes, label));
    if (computed) entropy += crossEntropy(margins, at, classes, label, -1);
  };
  await forEachBatch({
    count,
    batch: batchSize,
    params,
    compute,
    giveUp(example) {
      notComputed.push(example);
      margins.fill(Number.NaN, example * classes, (example + 1) * classes);
    },
    async computeLess(example) {
      const { x, labels } = gatherBatch(examples, Uint32Array.of(example), meta.inputShape);
      logits.set(await take(model.forward(params, x)), example * classes);
      tf.dispose([x, labels]);
    },
    onBatch(done) {
      for (let example = proved.length; example < done; example++) judge(example);
      onBatch(done, proved.filter(robust => !robust).length);
    },
  });
  const computed = count - notComputed.length;
  return {
    epsilon,
    standard: rateOf(wrong.filter(Boolean).length, count),
    robust: rateOf(proved.filter(robust => !robust).length, count),
    robustCrossEntropy: notFinite === 0 && computed > 0 ? entropy / computed : null,
    notFinite,
    secondsPerExample: computed === 0 ? 0 : milliseconds / 1000 / computed,
    margins,
    logits,
    bounds,
    labels: examples.labels,
    predictions: predictionsOf(logits, meta.classes),
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

/** The values of a tensor, which is disposed. */
async function take(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data<'float32'>();
  tensor.dispose();
  return values;
}

/** The shape of the input of a nonlinearity: that of its own output. */
function shapeOf(model: RobustModel, name: string): readonly number[] {
  const layer = model.meta.layers.find(candidate => candidate.name === name);
  if (layer === undefined) throw new RangeError(`the model lists the nonlinearity ${name} but no such layer`);
  return layer.shape;
}

function emptyBounds(model: RobustModel, count: number): Record<string, KeptBounds> {
  return Object.fromEntries(
    model.meta.nonlinearities.map(name => {
      const shape = shapeOf(model, name);
      const empty = (): Float32Array => new Float32Array(count * tf.util.sizeFromShape([...shape])).fill(Number.NaN);
      return [name, { shape, lower: empty(), upper: empty() }];
    }),
  );
}

async function keepBoundsOf(
  given: Certificate['bounds'],
  kept: Record<string, KeptBounds>,
  start: number,
): Promise<void> {
  for (const [name, { lower, upper }] of Object.entries(given ?? {})) {
    const target = kept[name];
    if (target === undefined) throw new RangeError(`the model gave bounds of ${name}, which it does not list`);
    const offset = start * tf.util.sizeFromShape([...target.shape]);
    target.lower.set(await take(lower), offset);
    target.upper.set(await take(upper), offset);
  }
}
