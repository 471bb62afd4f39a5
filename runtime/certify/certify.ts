/** Exact certification of examples, batch by batch. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { Params, RobustModel } from '../contract.ts';
import { InputError } from '../errors.ts';
import { type Rate, rateOf } from '../statistics/rate.ts';
import { certified, crossEntropy, misclassified } from '../statistics/verdict.ts';
import { type Examples, gatherBatch } from '../train/batches.ts';
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
  /** Mean cross entropy of `−J` against the label. */
  readonly robustCrossEntropy: number;
  /** Time of the margins alone. */
  readonly secondsPerExample: number;
  /** `J`, `[examples, classes]`. */
  readonly margins: Float32Array;
  /** `[examples, classes]`. */
  readonly logits: Float32Array;
  /** By nonlinearity; null unless they were asked for. */
  readonly bounds: Readonly<Record<string, KeptBounds>> | null;
  /** Per example. */
  readonly misclassified: readonly boolean[];
  readonly certified: readonly boolean[];
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
  if (meta.certify.arithmetic !== 'float32') {
    throw new InputError(
      `${meta.source} was compiled without the rounding terms of its certificate: its margins are comparisons, not proofs. Compile it again`,
    );
  }
  checkExamples(meta, examples);
  const count = examples.labels.length;
  const margins = new Float32Array(count * meta.classes);
  const logits = new Float32Array(count * meta.classes);
  const bounds = options.keepBounds === true ? emptyBounds(model, count) : null;
  const wrong: boolean[] = [];
  const proved: boolean[] = [];
  let milliseconds = 0;
  let entropy = 0;

  for (let start = 0; start < count; start += options.batch) {
    const indices = Uint32Array.from({ length: Math.min(options.batch, count - start) }, (_, i) => start + i);
    const batch = gatherBatch(examples, indices, meta.inputShape);
    const began = performance.now();
    margins.set(take(model.margins(params, batch.x, batch.labels, options.epsilon)), start * meta.classes);
    milliseconds += performance.now() - began;
    logits.set(take(model.forward(params, batch.x)), start * meta.classes);
    if (bounds !== null) keepBounds(model, params, batch.x, options.epsilon, bounds, start);
    tf.dispose([batch.x, batch.labels]);
    for (const example of indices) {
      const label = examples.labels[example]!;
      wrong.push(misclassified(logits, example * meta.classes, meta.classes, label));
      proved.push(certified(margins, example * meta.classes, meta.classes, label));
      entropy += crossEntropy(margins, example * meta.classes, meta.classes, label, -1);
    }
    options.onBatch?.(proved.length, proved.filter(robust => !robust).length);
    await nextTurn();
  }
  return {
    epsilon: options.epsilon,
    standard: rateOf(wrong.filter(Boolean).length, count),
    robust: rateOf(proved.filter(robust => !robust).length, count),
    robustCrossEntropy: entropy / count,
    secondsPerExample: milliseconds / 1000 / count,
    margins,
    logits,
    bounds,
    misclassified: wrong,
    certified: proved,
  };
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
      const size = count * tf.util.sizeFromShape([...shape]);
      return [name, { shape, lower: new Float32Array(size), upper: new Float32Array(size) }];
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
