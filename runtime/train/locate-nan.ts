/** Where a number that is not finite first appears, in the words of the architecture file. */
import * as tf from '@tensorflow/tfjs-core';
import { leastRadius } from '../border/float32-radius.ts';
import type { Params, RobustModel } from '../contract.ts';
import type { Batch } from './batches.ts';

/**
 * Looks at parameters, then at the bounds of every nonlinearity in order, then at the logits, and names the first that
 * holds NaN or infinity; null when all are finite.
 */
export async function locateNan(
  model: RobustModel,
  params: Params,
  batch: Batch,
  epsilon: number,
): Promise<string | null> {
  const parameter = await firstNotFinite(params);
  if (parameter !== null) return `the parameter ${parameter}`;
  // A ramp starts at 0, for which there is no ball.
  const bounds = model.bounds(params, batch.x, Math.max(epsilon, leastRadius));
  let layer: string | undefined;
  for (const name of model.meta.nonlinearities) {
    const bound = bounds[name];
    if (bound === undefined || ((await allFinite(bound.lower)) && (await allFinite(bound.upper)))) continue;
    layer = name;
    break;
  }
  for (const bound of Object.values(bounds)) tf.dispose([bound.lower, bound.upper]);
  if (layer !== undefined) {
    const line = model.meta.layers.find(({ name }) => name === layer)?.line;
    return `the bounds of the input of ${layer}${line === undefined ? '' : ` (${model.meta.source}:${line})`}`;
  }
  const logits = model.forward(params, batch.x);
  const finite = await allFinite(logits);
  logits.dispose();
  return finite ? null : 'the logits';
}

/** The name of the first tensor that holds NaN or infinity, or null. */
export async function firstNotFinite(tensors: Readonly<Record<string, tf.Tensor>>): Promise<string | null> {
  for (const [name, tensor] of Object.entries(tensors)) if (!(await allFinite(tensor))) return name;
  return null;
}

const allFinite = async (tensor: tf.Tensor): Promise<boolean> =>
  (await tensor.data<'float32'>()).every(Number.isFinite);
