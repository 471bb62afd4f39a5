/** The loss of a batch and its gradient, computed by several threads, a shard of the batch each. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelMeta, RobustModel } from '../contract.ts';
import { InputError } from '../errors.ts';
import type { BatchLoss } from '../train/batch-loss.ts';
import type { Examples } from '../train/batches.ts';
import { readTensors } from '../train/snapshot.ts';
import type { Loss } from '../train/training-loss.ts';
import type { Workers } from './start-workers.ts';
import type { LossAnswer } from './tasks.ts';

/**
 * Shards are cut by the order of the examples, and put together in that order: the same number of workers gives the same bits, another
 * number the same up to the order of sums. Draws do not depend on the shards, for those of a step are shared by its
 * examples. `models` are those the workers were equipped with, in the same order.
 */
export function lossByShards(workers: Workers, models: readonly RobustModel[]): BatchLoss {
  return async ({ model, params, examples, ...plan }) => {
    const at = models.indexOf(model);
    if (at < 0) throw new RangeError(`the workers were not given the module of ${model.meta.source}`);
    const weights = await readTensors(params);
    const shards = shardsOf(examples, workers.workers);
    const answers = await Promise.all(
      shards.map(async (shard, number) => {
        const task = { kind: 'loss', model: at, params: weights, examples: shard, plan } as const;
        const answer = await workers.run(task, `shard ${number + 1} of ${shards.length} of a batch`);
        if (answer.kind !== 'loss') throw new RangeError(`a worker was asked for a loss, and answered ${answer.kind}`);
        return { ...answer, share: shard.labels.length / examples.labels.length };
      }),
    );
    const robustExamples = answers.reduce((sum, answer) => sum + answer.robustExamples, 0);
    const robust = answers.flatMap(answer =>
      answer.robust === null ? [] : [{ ...answer.robust, share: answer.robustExamples / robustExamples }],
    );
    return {
      natural: meanOf(answers.map(answer => ({ ...answer.natural, share: answer.share }))),
      robust: robust.length === 0 ? null : meanOf(robust),
      robustExamples,
      gradients: meanGradients(answers),
      statistics: {},
    };
  };
}

/** Raises `InputError` for a network whose loss on a batch is not the mean of those on its parts. */
export function requireShards({ source, trainingDiffers, parameters }: ModelMeta): void {
  if (!trainingDiffers && parameters.every(({ kind }) => kind === 'trained')) return;
  throw new InputError(
    `${source} is another network while it is trained, and what it does to an example depends on the others of its batch: ` +
      'train it with --workers 1',
  );
}

/** Copies, in order, as equal in size as can be; no more than there are examples. */
export function shardsOf({ values, labels, proved }: Examples, most: number): Examples[] {
  const size = values.length / labels.length;
  const count = Math.min(most, labels.length);
  const border = (shard: number): number => Math.floor((shard * labels.length) / count);
  return Array.from({ length: count }, (_, shard) => ({
    values: values.slice(border(shard) * size, border(shard + 1) * size),
    labels: labels.slice(border(shard), border(shard + 1)),
    ...(proved === undefined ? {} : { proved: proved.slice(border(shard), border(shard + 1)) }),
  }));
}

interface Share {
  /** Of the examples of the batch. */
  readonly share: number;
}

const meanOf = (losses: readonly (Loss & Share)[]): Loss => ({
  crossEntropy: losses.reduce((sum, { crossEntropy, share }) => sum + share * crossEntropy, 0),
  error: losses.reduce((sum, { error, share }) => sum + share * error, 0),
});

/** Summed in float64 and rounded once. */
function meanGradients(answers: readonly (LossAnswer & Share)[]): Record<string, tf.Tensor> {
  const [first] = answers;
  return Object.fromEntries(
    Object.entries(first?.gradients ?? {}).map(([name, { shape, data }]) => {
      const sum = new Float64Array(data.length);
      for (const { gradients, share } of answers) {
        const part = gradients[name]?.data;
        if (part === undefined) throw new RangeError(`a worker gave no gradient for ${name}`);
        for (let i = 0; i < sum.length; i++) sum[i]! += share * part[i]!;
      }
      return [name, tf.tensor(Float32Array.from(sum), [...shape])];
    }),
  );
}
