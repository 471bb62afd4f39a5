/** The call that a row of the bench times, with all it needs prepared. */
import * as tf from '@tensorflow/tfjs-core';
import type { RandomKey } from '../../../runtime/contract.ts';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { adam, adamDefaults } from '../../../runtime/train/adam.ts';
import type { Optimizer } from '../../../runtime/train/optimizer.ts';
import { trainedOf } from '../../../runtime/train/trained-params.ts';
import type { Subject } from './compile-strategies.ts';

/** What all rows share. Its tensors stay with it. */
export interface Bench {
  readonly params: Record<string, tf.Tensor>;
  /** Images `[largest batch, …input shape]` and their labels. */
  readonly images: tf.Tensor;
  readonly labels: tf.Tensor1D;
  readonly epsilon: number;
  /** Trained parameters of their own and what moves them: no step may change what is certified. */
  readonly trainee: { readonly params: Record<string, tf.Tensor>; readonly optimizer: Optimizer };
}

const key: RandomKey = keyFrom(1);

export function makeTrainee(params: Readonly<Record<string, tf.Tensor>>, subject: Subject): Bench['trainee'] {
  const own = Object.fromEntries(Object.entries(params).map(([name, tensor]) => [name, tf.mul(tensor, 1)]));
  return { params: own, optimizer: adam(trainedOf(own, subject.model.meta), adamDefaults) };
}

export interface RowTask {
  /** The part of the call whose tensors the compiler plans. The caller disposes what it returns. */
  compute(): object;
  /** All of it, until its values are there. */
  run(): Promise<void>;
  dispose(): void;
}

export function rowTask({ what, program, model, batch }: Subject, bench: Bench): RowTask {
  const { epsilon, trainee } = bench;
  const begin = [0, ...model.meta.inputShape.map(() => 0)];
  const x = tf.slice(bench.images, begin, [batch, ...model.meta.inputShape]);
  const labels = tf.slice(bench.labels, [0], [batch]) as tf.Tensor1D;
  const dispose = (): void => tf.dispose([x, labels]);
  /** Times `compute`, and the reading of one of its tensors. */
  const reading = <Result extends object>(compute: () => Result, read: (result: Result) => tf.Tensor): RowTask => ({
    compute,
    async run() {
      const result = compute();
      await read(result).data();
      tf.dispose(result as tf.TensorContainer);
    },
    dispose,
  });
  switch (what) {
    case 'forward':
      return reading(
        () => model.forward(bench.params, x),
        logits => logits,
      );
    case 'bounds': {
      const last = model.meta.nonlinearities.at(-1) ?? '';
      return reading(
        () => model.bounds(bench.params, x, epsilon, key),
        bounds => bounds[last]?.lower ?? labels,
      );
    }
    case 'certify':
      return reading(
        () => model.margins(bench.params, x, labels, epsilon, key),
        margins => margins,
      );
    case 'train': {
      const compute = () =>
        program === 'naturalLoss'
          ? model.naturalLoss(trainee.params, x, labels, key)
          : model.robustLoss(trainee.params, x, labels, epsilon, key);
      return {
        compute,
        async run() {
          const { crossEntropy, error, gradients, statistics } = compute();
          await crossEntropy.data();
          const trained = trainedOf(trainee.params, model.meta);
          // A step of length 0 takes as long as any other, and the next one finds the same network.
          trainee.optimizer.update(trained, gradients, 0, 1);
          Object.assign(trainee.params, trained);
          const [moved] = Object.values(trained);
          await moved?.data();
          tf.dispose([crossEntropy, error, gradients, statistics]);
        },
        dispose,
      };
    }
  }
}
