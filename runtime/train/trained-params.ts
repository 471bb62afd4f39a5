/** The two kinds of parameters: those that gradients move, and running statistics, which the losses themselves move. */
import type * as tf from '@tensorflow/tfjs-core';
import type { ModelMeta } from '../contract.ts';

type Tensors = Record<string, tf.Tensor>;

/** Those that gradients move. The tensors stay with `params`. */
export const trainedOf = (params: Readonly<Tensors>, { parameters }: ModelMeta): Tensors =>
  Object.fromEntries(parameters.flatMap(({ name, kind }) => (kind === 'trained' ? [[name, params[name]!]] : [])));

/** Puts new running statistics in the place of the old ones, which are disposed. Raises `RangeError`, before that, when one is missing or unknown. */
export function replaceStatistics(params: Tensors, statistics: Readonly<Tensors>, { parameters }: ModelMeta): void {
  const wanted = parameters.flatMap(({ name, kind }) => (kind === 'trained' ? [] : [name]));
  const given = Object.keys(statistics);
  if (wanted.toSorted().join() !== given.toSorted().join())
    throw new RangeError(`the model gave the statistics [${given}], and its meta lists [${wanted}]`);
  for (const name of wanted) {
    params[name]?.dispose();
    params[name] = statistics[name]!;
  }
}
