/** The loss of one batch, `naturalWeight · natural + (1 − naturalWeight) · robust`, and its gradient. */
import * as tf from '@tensorflow/tfjs-core';
import type { LossWithGradients, Params, RandomKey, RobustModel } from '../contract.ts';
import { crossEntropy, misclassified } from '../statistics/verdict.ts';
import type { Batch } from './batches.ts';

/** Mean cross entropy and error rate in [0, 1]. */
export interface Loss {
  readonly crossEntropy: number;
  readonly error: number;
}

export interface TrainingLoss {
  readonly natural: Loss;
  /** Null when the robust loss has no weight: then it is not computed. */
  readonly robust: Loss | null;
  /** The caller disposes them, and the statistics. */
  readonly gradients: Record<string, tf.Tensor>;
  /** New values of the parameters that are not trained. */
  readonly statistics: Record<string, tf.Tensor>;
}

/** `epsilon` in the units of the network's input; `key` feeds the draws of this step: both losses draw the same. */
export async function trainingLoss(
  model: RobustModel,
  params: Params,
  batch: Batch,
  { epsilon, naturalWeight, key }: { epsilon: number; naturalWeight: number; key: RandomKey },
): Promise<TrainingLoss> {
  if (naturalWeight >= 1) {
    const natural = model.naturalLoss(params, batch.x, batch.labels, key);
    return { natural: await readLoss(natural), robust: null, ...updates(natural) };
  }
  const robust = model.robustLoss(params, batch.x, batch.labels, epsilon, key);
  if (naturalWeight <= 0) {
    return {
      natural: await forwardLoss(model, params, batch, key),
      robust: await readLoss(robust),
      ...updates(robust),
    };
  }
  const natural = model.naturalLoss(params, batch.x, batch.labels, key);
  const gradients = Object.fromEntries(
    Object.keys(natural.gradients).map(name => [
      name,
      mix(natural.gradients[name], robust.gradients[name], naturalWeight),
    ]),
  );
  // Both saw the batch pass through the network: they moved the statistics alike.
  tf.dispose([natural.gradients, robust.gradients, robust.statistics]);
  return {
    natural: await readLoss(natural),
    robust: await readLoss(robust),
    gradients,
    statistics: natural.statistics,
  };
}

const updates = ({ gradients, statistics }: LossWithGradients): Pick<TrainingLoss, 'gradients' | 'statistics'> => ({
  gradients,
  statistics,
});

function mix(natural: tf.Tensor | undefined, robust: tf.Tensor | undefined, naturalWeight: number): tf.Tensor {
  if (natural === undefined || robust === undefined) throw new RangeError('the model gave no gradient for a parameter');
  return tf.tidy(() => tf.add(tf.mul(natural, naturalWeight), tf.mul(robust, 1 - naturalWeight)));
}

/** Reads the two numbers and disposes their tensors. */
async function readLoss({ crossEntropy, error }: LossWithGradients): Promise<Loss> {
  const loss = { crossEntropy: (await crossEntropy.data())[0]!, error: (await error.data())[0]! };
  tf.dispose([crossEntropy, error]);
  return loss;
}

/** The natural loss without its gradient: one forward pass. */
async function forwardLoss(model: RobustModel, params: Params, { x, labels }: Batch, key: RandomKey): Promise<Loss> {
  const output = model.forwardInTraining?.(params, x, key) ?? model.forward(params, x);
  const [count, classes] = output.shape;
  const logits = await output.data<'float32'>();
  output.dispose();
  let sum = 0;
  let wrong = 0;
  (await labels.data()).forEach((label, example) => {
    sum += crossEntropy(logits, example * classes, classes, label);
    if (misclassified(logits, example * classes, classes, label)) wrong += 1;
  });
  return { crossEntropy: sum / count, error: wrong / count };
}
