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
  /** The caller disposes them. */
  readonly gradients: Record<string, tf.Tensor>;
}

/** `epsilon` in the units of the network's input; `key` feeds the sketches of this step. */
export async function trainingLoss(
  model: RobustModel,
  params: Params,
  batch: Batch,
  { epsilon, naturalWeight, key }: { epsilon: number; naturalWeight: number; key: RandomKey },
): Promise<TrainingLoss> {
  if (naturalWeight >= 1) {
    const natural = model.naturalLoss(params, batch.x, batch.labels);
    return { natural: await readLoss(natural), robust: null, gradients: natural.gradients };
  }
  const robust = model.robustLoss(params, batch.x, batch.labels, epsilon, key);
  if (naturalWeight <= 0) {
    return {
      natural: await forwardLoss(model, params, batch),
      robust: await readLoss(robust),
      gradients: robust.gradients,
    };
  }
  const natural = model.naturalLoss(params, batch.x, batch.labels);
  const gradients = Object.fromEntries(
    Object.keys(params).map(name => [name, mix(natural.gradients[name], robust.gradients[name], naturalWeight)]),
  );
  tf.dispose([natural.gradients, robust.gradients]);
  return { natural: await readLoss(natural), robust: await readLoss(robust), gradients };
}

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
async function forwardLoss(model: RobustModel, params: Params, { x, labels }: Batch): Promise<Loss> {
  const output = model.forward(params, x);
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
