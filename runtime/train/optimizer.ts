/** What trains parameters from gradients. Tensors are keyed by parameter name; the state is tensors, so it can be saved. */
import * as tf from '@tensorflow/tfjs-core';

export interface Optimizer {
  /**
   * One update. Every tensor of `params` is replaced by its new value and the old one is disposed; `gradients` stay with
   * the caller. `step` counts updates from 1.
   */
  update(
    params: Record<string, tf.Tensor>,
    gradients: Readonly<Record<string, tf.Tensor>>,
    learningRate: number,
    step: number,
  ): void;
  /** The tensors that the next update depends on. They stay with the optimizer. */
  state(): Readonly<Record<string, tf.Tensor>>;
  dispose(): void;
}

/**
 * Moments of one kind for every parameter, `<kind>/<parameter>`: taken from a saved state, or zeros.
 * Raises `RangeError` when a saved state lacks one.
 */
export function moments(
  kind: string,
  params: Readonly<Record<string, tf.Tensor>>,
  saved: Readonly<Record<string, tf.Tensor>> | null,
): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => {
      const entry = saved === null ? tf.zeros(param.shape) : saved[`${kind}/${name}`]?.clone();
      if (entry === undefined) throw new RangeError(`the saved state of the optimizer has no ${kind}/${name}`);
      return [name, entry];
    }),
  );
}

/** The inverse of `moments`. */
export function named(kind: string, tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${kind}/${name}`, tensor]));
}

/** Puts a new tensor in an old one's place and disposes the old one. */
export function replace(tensors: Record<string, tf.Tensor>, name: string, next: tf.Tensor): void {
  tensors[name]?.dispose();
  tensors[name] = next;
}

/** The gradient of a parameter, weight decay added as an ℓ2 penalty as PyTorch's optimizers do. */
export function decayed(gradient: tf.Tensor, param: tf.Tensor, weightDecay: number): tf.Tensor {
  return weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(param, weightDecay));
}

/** The gradient of a parameter, or an error that names it. */
export function gradientOf(gradients: Readonly<Record<string, tf.Tensor>>, name: string): tf.Tensor {
  const gradient = gradients[name];
  if (gradient === undefined) throw new RangeError(`the model gave no gradient for ${name}`);
  return gradient;
}
