/** How long the update of the parameters should take: it is no part of a program, so its operations are counted as they run. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelMeta } from '../../../runtime/contract.ts';
import { trainedOf } from '../../../runtime/train/trained-params.ts';
import { nanosecondsOf, type Rates } from '../../4-schedule/rates/rate.ts';
import type { Bench } from './row-task.ts';

/** Milliseconds. All of its operations are elementwise. */
export async function predictUpdate({ trainee }: Bench, meta: ModelMeta, { elementwise }: Rates): Promise<number> {
  const trained = trainedOf(trainee.params, meta);
  const gradients = Object.fromEntries(Object.entries(trained).map(([name, param]) => [name, tf.zerosLike(param)]));
  const copies = Object.fromEntries(Object.entries(trained).map(([name, param]) => [name, tf.mul(param, 1)]));
  const { kernels } = await tf.profile(() => {
    trainee.optimizer.update(copies, gradients, 0, 1);
    return tf.scalar(0);
  });
  tf.dispose([gradients, copies]);
  const nanoseconds = kernels.reduce((sum, { outputShapes }) => {
    const entries = outputShapes.reduce((all, shape) => all + tf.util.sizeFromShape(shape ?? []), 0);
    return sum + nanosecondsOf(elementwise, { multiplyAdds: 0, entries });
  }, 0);
  return nanoseconds / 1e6;
}
