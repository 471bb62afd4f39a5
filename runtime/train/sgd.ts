import * as tf from '@tensorflow/tfjs-core';
import { decayed, gradientOf, moments, named, type Optimizer, replace } from './optimizer.ts';

export interface SgdOptions {
  readonly momentum: number;
  readonly weightDecay: number;
}

/**
 * Stochastic gradient descent: `velocity ← momentum · velocity + gradient`, `param ← param − rate · velocity`, as
 * PyTorch's. Weight decay is an ℓ2 penalty. `saved` is a `state()` to go on from.
 */
export function sgd(
  params: Readonly<Record<string, tf.Tensor>>,
  { momentum, weightDecay }: SgdOptions,
  saved: Readonly<Record<string, tf.Tensor>> | null = null,
): Optimizer {
  const velocities = momentum === 0 ? {} : moments('velocity', params, saved);
  return {
    update(targets, gradients, learningRate) {
      for (const [name, param] of Object.entries(targets)) {
        const before = velocities[name];
        const [velocity, next] = tf.tidy(() => {
          const gradient = decayed(gradientOf(gradients, name), param, weightDecay);
          const velocity = before === undefined ? tf.clone(gradient) : tf.add(tf.mul(before, momentum), gradient);
          return [velocity, tf.sub(param, tf.mul(velocity, learningRate))] as [tf.Tensor, tf.Tensor];
        });
        if (before === undefined) velocity.dispose();
        else replace(velocities, name, velocity);
        replace(targets, name, next);
      }
    },
    state: () => named('velocity', velocities),
    dispose: () => tf.dispose(velocities),
  };
}
