/** The border of emitted modules: what their functions are called with. Shapes and types only: reading a value would stall the backend. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelMeta, Params, RandomKey } from '../contract.ts';
import { InputError } from '../errors.ts';
import { isRandomKey } from '../random/random-key.ts';
import { checkParams } from './check-params.ts';
import { radiusProblem } from './float32-radius.ts';
import { showValue } from './show-value.ts';

/** Those that a function takes; what it does not take is absent. */
export interface CallArguments {
  readonly params: Params;
  readonly x: tf.Tensor;
  readonly labels?: tf.Tensor;
  readonly epsilon?: number;
  readonly key?: RandomKey;
}

/**
 * `params` under the type that names each of them. `call` is the function's name.
 * @throws InputError that names the argument that does not fit the network, its value, and what would do
 */
export function checkCall<Names extends object>(meta: ModelMeta, call: string, given: CallArguments): Names {
  const where = `${call} of ${meta.source}`;
  const { params, x, labels, epsilon, key } = given;
  checkParams(params, meta, where);
  const refuse = (name: string, value: unknown, wanted: string): never => {
    throw new InputError(`${where}: ${name} is ${showValue(value)}: ${wanted}`);
  };
  const shape = `[batch, ${meta.inputShape.join(', ')}]`;
  if (!isAlive(x)) return refuse('x', x, `it needs a float32 tensor ${shape} that is not disposed`);
  const [batch = 0, ...rest] = x.shape;
  if (batch < 1 || rest.join() !== meta.inputShape.join())
    refuse('x', x, `it needs shape ${shape}, at least one example`);
  if (x.dtype !== 'float32') refuse('x', x, "it needs float32: tf.cast(x, 'float32')");
  if ('labels' in given) {
    if (!isAlive(labels)) return refuse('labels', labels, 'they need an int32 tensor [batch] that is not disposed');
    if (labels.shape.length !== 1 || labels.shape[0] !== batch)
      refuse('labels', labels, `they need shape [${batch}], as many as x holds examples`);
    if (labels.dtype !== 'int32') refuse('labels', labels, "they need int32: tf.tensor1d(labels, 'int32')");
  }
  if ('epsilon' in given) {
    // A ramp of training starts at 0, and nothing is proved there.
    const problem = call === 'robustLoss' && epsilon === 0 ? null : radiusProblem(epsilon);
    if (problem !== null) refuse('epsilon', epsilon, problem);
  }
  if ('key' in given && !isRandomKey(key)) refuse('key', key, 'it needs a key: keyFrom(seed), or foldIn(key, part)');
  return params as Names;
}

const isAlive = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor && !value.isDisposed;
