/** Where the loss of a batch is computed: here, or shared out. */
import * as tf from '@tensorflow/tfjs-core';
import type { RandomKey, RobustModel } from '../contract.ts';
import { type Examples, gatherBatch, tensorsOf } from './batches.ts';
import { type TrainingLoss, trainingLoss } from './training-loss.ts';

/** What a loss is asked for. */
export interface BatchOfStep {
  readonly model: RobustModel;
  readonly params: Readonly<Record<string, tf.Tensor>>;
  readonly examples: Examples;
  /** In the units of the network's input. */
  readonly epsilon: number;
  readonly naturalWeight: number;
  /** Feeds the draws of this step. */
  readonly key: RandomKey;
}

/** Means over the examples. Its tensors belong to the caller and are on the current backend; those it is given stay with the caller. */
export type BatchLoss = (batch: BatchOfStep) => Promise<TrainingLoss>;

/** On the current backend, all examples at once. */
export const lossHere: BatchLoss = async ({ model, params, examples, ...plan }) => {
  const { inputShape } = model.meta;
  const batch = tensorsOf(examples, inputShape);
  const { proved } = examples;
  const open = proved === undefined ? batch : gatherBatch(examples, unproved(proved), inputShape);
  try {
    return await trainingLoss(model, params, { batch, open }, plan);
  } finally {
    tf.dispose([batch.x, batch.labels, open.x, open.labels]);
  }
};

const unproved = (proved: Uint8Array): Uint32Array => Uint32Array.from(proved.keys()).filter(at => proved[at] === 0);
