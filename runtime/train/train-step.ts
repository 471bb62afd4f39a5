/** One update of the parameters. */
import * as tf from '@tensorflow/tfjs-core';
import { heldRadius } from '../border/float32-radius.ts';
import type { RandomKey, RobustModel } from '../contract.ts';
import { InputError } from '../errors.ts';
import { foldIn } from '../random/random-key.ts';
import type { BatchLoss } from './batch-loss.ts';
import { type Examples, tensorsOf } from './batches.ts';
import { clipGradients } from './clip-gradients.ts';
import { addBatch } from './epoch-totals.ts';
import { learningRateAt } from './learning-rate-schedule.ts';
import { locateNan } from './locate-nan.ts';
import type { Optimizer } from './optimizer.ts';
import { rampAt } from './ramp.ts';
import type { Position } from './snapshot.ts';
import type { TrainSettings } from './train-settings.ts';
import { replaceStatistics, trainedOf } from './trained-params.ts';

/** The step's numbers on the schedules. */
export interface StepPlan {
  readonly epsilon: number;
  readonly naturalWeight: number;
  readonly learningRate: number;
  readonly key: RandomKey;
}

/** What a step changes and what it needs for that. */
export interface Trainee {
  readonly model: RobustModel;
  /** Its tensors are replaced by every step. */
  readonly params: Record<string, tf.Tensor>;
  readonly optimizer: Optimizer;
  readonly settings: TrainSettings;
  readonly lossOfBatch: BatchLoss;
}

/** The numbers of the step that follows a position; `steps` to an epoch. */
export function planStep(settings: TrainSettings, key: RandomKey, position: Position, steps: number): StepPlan {
  const at = position.epoch + position.step / steps;
  return {
    epsilon: heldRadius(rampAt(settings.epsilon, at)),
    naturalWeight: rampAt(settings.naturalWeight, at),
    learningRate: learningRateAt(settings.learningRateSchedule, settings.learningRate, at, settings.epochs),
    key: foldIn(foldIn(key, 'noise'), position.updates),
  };
}

/**
 * Updates the parameters on a batch; returns the position after it. Raises `InputError` when the loss is not finite, before
 * anything is changed.
 */
export async function takeStep(
  { model, params, optimizer, settings, lossOfBatch }: Trainee,
  examples: Examples,
  plan: StepPlan,
  position: Position,
): Promise<Position> {
  const { epsilon, naturalWeight, key } = plan;
  const loss = await lossOfBatch({ model, params, examples, epsilon, naturalWeight, key });
  try {
    if (!Number.isFinite(loss.natural.crossEntropy) || !Number.isFinite(loss.robust?.crossEntropy ?? 0)) {
      const which = Number.isFinite(loss.natural.crossEntropy) ? 'robust' : 'natural';
      const batch = tensorsOf(examples, model.meta.inputShape);
      const where = (await locateNan(model, params, batch, epsilon)) ?? 'the loss itself';
      tf.dispose([batch.x, batch.labels]);
      throw diverged(position, `the ${which} loss is not finite; the first such value is in ${where}`);
    }
    if (settings.clip !== null) await clipGradients(loss.gradients, settings.clip);
    replaceStatistics(params, loss.statistics, model.meta);
    const trained = trainedOf(params, model.meta);
    optimizer.update(trained, loss.gradients, plan.learningRate, position.updates + 1);
    Object.assign(params, trained);
  } catch (error) {
    tf.dispose(loss.statistics);
    throw error;
  } finally {
    tf.dispose(loss.gradients);
  }
  return {
    ...position,
    step: position.step + 1,
    updates: position.updates + 1,
    totals: addBatch(position.totals, loss, examples.labels.length),
  };
}

/** The error of a run whose numbers are no longer finite. */
export function diverged(position: Position, what: string): InputError {
  return new InputError(
    `training diverged in epoch ${position.epoch + 1}, step ${position.step + 1}: ${what}. ` +
      'A smaller --lr, a longer --epsilon-epochs or --clip may help; the last checkpoint is unharmed',
  );
}
