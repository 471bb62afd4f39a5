/** Where a number that is not finite first appears, in the words of the architecture file. */
import * as tf from '@tensorflow/tfjs-core';
import type { Params, RobustModel } from '../contract.ts';
import type { Batch } from './batches.ts';

/**
 * Looks at parameters, then at the bounds of every nonlinearity in order, then at the logits, and names the first that
 * holds NaN or infinity; null when all are finite.
 */
export function locateNan(model: RobustModel, params: Params, batch: Batch, epsilon: number): string | null {
  const parameter = firstNotFinite(params);
  if (parameter !== null) return `the parameter ${parameter}`;
  const bounds = model.bounds(params, batch.x, epsilon);
  const layer = model.meta.nonlinearities.find(name => {
    const bound = bounds[name];
    return bound !== undefined && !(allFinite(bound.lower) && allFinite(bound.upper));
  });
  for (const bound of Object.values(bounds)) tf.dispose([bound.lower, bound.upper]);
  if (layer !== undefined) {
    const line = model.meta.layers.find(({ name }) => name === layer)?.line;
    return `the bounds of the input of ${layer}${line === undefined ? '' : ` (${model.meta.source}:${line})`}`;
  }
  const logits = model.forward(params, batch.x);
  const finite = allFinite(logits);
  logits.dispose();
  return finite ? null : 'the logits';
}

/** The name of the first tensor that holds NaN or infinity, or null. */
export function firstNotFinite(tensors: Readonly<Record<string, tf.Tensor>>): string | null {
  return Object.keys(tensors).find(name => !allFinite(tensors[name]!)) ?? null;
}

const allFinite = (tensor: tf.Tensor): boolean => tensor.dataSync<'float32'>().every(Number.isFinite);
