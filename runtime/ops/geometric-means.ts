/** Geometric means by square roots: nothing is assumed of a backend's logarithm (docs/backend-arithmetic.md). */
import * as tf from '@tensorflow/tfjs-core';

/**
 * `samples [n, groups·k, features]`, not negative, `k` a power of two `→ [n, features]`: the largest of the geometric means of `k`
 * samples that follow each other. With `k = 2^p`, `p` times each sample's root is multiplied by that of another one. Where a mean is
 * not finite the result is not.
 */
export function geometricMeans(samples: tf.Tensor, groups: number): tf.Tensor {
  return tf.tidy(() => {
    const [n, rows, features] = samples.shape as [number, number, number];
    let k = rows / groups;
    let means: tf.Tensor = tf.reshape(samples, [n * groups, k, features]);
    for (; k > 1; k /= 2) {
      const roots = tf.sqrt(means);
      const half = (from: number): tf.Tensor => tf.slice(roots, [0, from, 0], [n * groups, k / 2, features]);
      const product = tf.mul(half(0), half(k / 2));
      tf.dispose([means, roots]);
      means = product;
    }
    if (groups === 1) return tf.reshape(means, [n, features]);
    const each = tf.reshape(means, [n, groups, features]);
    // A maximum may drop what is not a number, a sum does not.
    return tf.add(tf.max(each, 1), tf.mul(tf.sum(each, 1), 0));
  });
}
