/** Exact certification of examples, batch by batch. */

import * as tf from '@tensorflow/tfjs-core';
import type { Params, RobustModel } from '../contract.ts';
import { InputError } from '../errors.ts';
import { type Rate, rateOf } from '../statistics/rate.ts';
import { certified, crossEntropy, misclassified } from '../statistics/verdict.ts';
import { type Examples, gatherBatch } from '../train/batches.ts';
import { forEachBatch } from './breakdown-proof-batches.ts';
import { checkExamples } from './check-examples.ts';

export interface CertifyOptions {
  /** Radius of the ball, in the units of the network's input. */
  readonly epsilon: number;
  /** Examples at a time. */
  readonly batch: number;
  /** Keeps the bounds of every nonlinearity too. */
  readonly keepBounds?: boolean;
  /** Called after every batch. */
  onBatch?(done: number, robustErrors: number): void;
}

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
  /** Examples that are not certified: `J ≤ 0`, or not a number, for some class but the label. */
  readonly robust: Rate;
  /** Mean cross entropy of `−J` against the label, over the examples that were computed. */
  readonly robustCrossEntropy: number;
  /** Time of the margins alone. */
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
 * an example counts as robust only if `J` is above 0 for every other class. Raises `InputError` when the model's schedule
 * holds an estimate, and for examples that `checkExamples` refuses.
 */
export async function certify(
  model: RobustModel,
  params: Params,
  examples: Examples,
  options: CertifyOptions,
): Promise<Certification> {
  const { meta } = model;
  if (!meta.certify.exact) {
    throw new InputError(
      `${meta.source} was compiled with a sketch in its certifying schedule: an estimate proves nothing. Compile it with exact bounds`,
    );
  }
  checkExamples(meta, examples);
  const count = examples.labels.length;
  const margins = new Float32Array(count * meta.classes);
  // Where the backend breaks down before it gives any, none of them counts as right.
  const logits = new Float32Array(count * meta.classes).fill(Number.NaN);
  const bounds = options.keepBounds === true ? emptyBounds(model, count) : null;
  const wrong: boolean[] = [];
  const proved: boolean[] = [];
  let milliseconds = 0;
  let entropy = 0;

  const notComputed: number[] = [];
  const compute = (indices: Uint32Array): void => {
    const start = indices[0]!;
    const batch = gatherBatch(examples, indices, meta.inputShape);
    logits.set(take(model.forward(params, batch.x)), start * meta.classes);
    const began = performance.now();
    margins.set(take(model.margins(params, batch.x, batch.labels, options.epsilon)), start * meta.classes);
    const ended = performance.now();
    if (bounds !== null) keepBounds(model, params, batch.x, options.epsilon, bounds, start);
    tf.dispose([batch.x, batch.labels]);
    milliseconds += ended - began;
  };
  await forEachBatch({
    count,
    batch: options.batch,
    params,
    compute,
    giveUp(example) {
      notComputed.push(example);
      margins.fill(Number.NaN, example * meta.classes, (example + 1) * meta.classes);
    },
    onBatch(done) {
      for (let example = proved.length; example < done; example++) {
        const label = examples.labels[example]!;
        wrong.push(misclassified(logits, example * meta.classes, meta.classes, label));
        proved.push(certified(margins, example * meta.classes, meta.classes, label));
        if (notComputed.at(-1) !== example)
          entropy += crossEntropy(margins, example * meta.classes, meta.classes, label, -1);
      }
      options.onBatch?.(done, proved.filter(robust => !robust).length);
    },
  });
  const computed = count - notComputed.length;
  return {
    epsilon: options.epsilon,
    standard: rateOf(wrong.filter(Boolean).length, count),
    robust: rateOf(proved.filter(robust => !robust).length, count),
    robustCrossEntropy: entropy / computed,
    secondsPerExample: milliseconds / 1000 / computed,
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
function take(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync<'float32'>();
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

function keepBounds(
  model: RobustModel,
  params: Params,
  x: tf.Tensor,
  epsilon: number,
  kept: Record<string, KeptBounds>,
  start: number,
): void {
  for (const [name, { lower, upper }] of Object.entries(model.bounds(params, x, epsilon))) {
    const target = kept[name];
    if (target === undefined) throw new RangeError(`the model gave bounds of ${name}, which it does not list`);
    const offset = start * tf.util.sizeFromShape([...target.shape]);
    target.lower.set(take(lower), offset);
    target.upper.set(take(upper), offset);
  }
}
