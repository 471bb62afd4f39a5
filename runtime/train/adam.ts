import * as tf from '@tensorflow/tfjs-core';
import { decayed, gradientOf, moments, named, type Optimizer, replace } from './optimizer.ts';

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly stability: number;
  readonly weightDecay: number;
}

export const adamDefaults: AdamOptions = { beta1: 0.9, beta2: 0.999, stability: 1e-8, weightDecay: 0 };

/** Adam (Kingma and Ba 2015, Algorithm 1), with weight decay as an ℓ2 penalty. `saved` is a `state()` to go on from. */
export function adam(
  params: Readonly<Record<string, tf.Tensor>>,
  options: AdamOptions,
  saved: Readonly<Record<string, tf.Tensor>> | null = null,
): Optimizer {
  const { beta1, beta2, stability, weightDecay } = options;
  const means = moments('mean', params, saved);
  const squares = moments('square', params, saved);
  return {
    update(targets, gradients, learningRate, step) {
      // Both bias corrections go into the step size and the stability term: the form at the end of the paper's section 2.
      const meanCorrection = 1 - beta1 ** step;
      const squareCorrection = Math.sqrt(1 - beta2 ** step);
      const size = (learningRate * squareCorrection) / meanCorrection;
      for (const [name, param] of Object.entries(targets)) {
        const [mean, square, next] = tf.tidy(() => {
          const gradient = decayed(gradientOf(gradients, name), param, weightDecay);
          const mean = tf.add(tf.mul(means[name]!, beta1), tf.mul(gradient, 1 - beta1));
          const square = tf.add(tf.mul(squares[name]!, beta2), tf.mul(tf.square(gradient), 1 - beta2));
          const scale = tf.add(tf.sqrt(square), stability * squareCorrection);
          return [mean, square, tf.sub(param, tf.mul(tf.div(mean, scale), size))] as [tf.Tensor, tf.Tensor, tf.Tensor];
        });
        replace(means, name, mean);
        replace(squares, name, square);
        replace(targets, name, next);
      }
    },
    state: () => ({ ...named('mean', means), ...named('square', squares) }),
    dispose: () => tf.dispose([means, squares]),
  };
}
