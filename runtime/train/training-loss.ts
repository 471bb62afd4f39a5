/**
 * The loss of one batch, `naturalWeight · natural + (1 − naturalWeight) · robust`, and its gradient. Where the robust loss is that of a
 * part of the batch, it has the weight of its share: as if that of the others were 0.
 */
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
  /** Examples whose robust loss it is the mean of. */
  readonly robustExamples: number;
  /** The caller disposes them, and the statistics. */
  readonly gradients: Record<string, tf.Tensor>;
  /** New values of the parameters that are not trained. */
  readonly statistics: Record<string, tf.Tensor>;
}

/** A batch, and what of it has a robust loss: all of it, then they are the same, or some of its examples. */
export interface TrainingBatch {
  readonly batch: Batch;
  readonly open: Batch;
}

/** `epsilon` in the units of the network's input; `key` feeds the draws of this step: both losses draw the same. */
export async function trainingLoss(
  model: RobustModel,
  params: Params,
  { batch, open }: TrainingBatch,
  { epsilon, naturalWeight, key }: { epsilon: number; naturalWeight: number; key: RandomKey },
): Promise<TrainingLoss> {
  const robustExamples = open.labels.size;
  if (naturalWeight >= 1 || robustExamples === 0) {
    const natural = model.naturalLoss(params, batch.x, batch.labels, key);
    if (naturalWeight < 1) scale(natural.gradients, Math.max(0, naturalWeight));
    return { natural: await readLoss(natural), robust: null, robustExamples: 0, ...updates(natural) };
  }
  const robust = model.robustLoss(params, open.x, open.labels, epsilon, key);
  if (naturalWeight <= 0 && open === batch) {
    return {
      natural: await forwardLoss(model, params, batch, key),
      robust: await readLoss(robust),
      robustExamples,
      ...updates(robust),
    };
  }
  const natural = model.naturalLoss(params, batch.x, batch.labels, key);
  const ofNatural = Math.max(0, naturalWeight);
  const ofRobust = (1 - ofNatural) * (robustExamples / batch.labels.size);
  const gradients = Object.fromEntries(
    Object.keys(natural.gradients).map(name => [
      name,
      mix(natural.gradients[name], ofNatural, robust.gradients[name], ofRobust),
    ]),
  );
  // Those of the whole batch; where both saw it pass through the network, they moved the statistics alike.
  tf.dispose([natural.gradients, robust.gradients, robust.statistics]);
  return {
    natural: await readLoss(natural),
    robust: await readLoss(robust),
    robustExamples,
    gradients,
    statistics: natural.statistics,
  };
}

const updates = ({ gradients, statistics }: LossWithGradients): Pick<TrainingLoss, 'gradients' | 'statistics'> => ({
  gradients,
  statistics,
});

function mix(
  natural: tf.Tensor | undefined,
  ofNatural: number,
  robust: tf.Tensor | undefined,
  ofRobust: number,
): tf.Tensor {
  if (natural === undefined || robust === undefined) throw new RangeError('the model gave no gradient for a parameter');
  return tf.tidy(() => tf.add(tf.mul(natural, ofNatural), tf.mul(robust, ofRobust)));
}

/** In place. */
function scale(gradients: Record<string, tf.Tensor>, factor: number): void {
  for (const [name, gradient] of Object.entries(gradients)) {
    gradients[name] = tf.mul(gradient, factor);
    gradient.dispose();
  }
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
