import * as tf from '@tensorflow/tfjs-core';

/**
 * Scales all gradients by one factor so that their joint ℓ2 norm is at most `limit` (Pascanu et al. 2013, Algorithm 1).
 * Replaces the tensors of `gradients` when it scales, and disposes the old ones. Returns the norm before.
 */
export async function clipGradients(gradients: Record<string, tf.Tensor>, limit: number): Promise<number> {
  const squares = Object.values(gradients).map(gradient => tf.tidy(() => tf.sum(tf.square(gradient))));
  let sum = 0;
  for (const square of squares) sum += (await square.data())[0]!;
  tf.dispose(squares);
  const norm = Math.sqrt(sum);
  if (norm > limit) {
    for (const [name, gradient] of Object.entries(gradients)) {
      gradients[name] = tf.mul(gradient, limit / norm);
      gradient.dispose();
    }
  }
  return norm;
}
