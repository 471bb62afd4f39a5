/** The border of emitted modules: what their functions are called with. Shapes and types only: reading a value would stall the backend. */
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { CertificateOptions, FunctionName, ModelMeta, Params, RandomKey } from '../contract.ts';
import { InputError } from '../errors.ts';
import { isRandomKey } from '../random/random-key.ts';
import { flag, randomKey } from './argument-schemas.ts';
import { checkArgument } from './check-argument.ts';
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
  readonly options?: CertificateOptions;
}

/** The classes are a tensor, which is looked at with the others. */
const optionsSchema = v.strictObject(
  { classes: v.optional(v.unknown()), bounds: v.optional(flag), key: v.optional(randomKey) },
  'it needs an object',
);

/**
 * `params` under the type that names each of them. `call` is the function's name.
 * @throws InputError that names the argument that does not fit the network, its value, and what would do
 */
export function checkCall<Names extends object>(
  meta: ModelMeta,
  call: FunctionName | 'pgdAttack',
  given: CallArguments,
): Names {
  const where = `${call} of ${meta.source}`;
  const { params, x, labels, epsilon, key } = given;
  checkParams(params, meta, where);
  const refusal = (name: string, value: unknown, wanted: string): InputError =>
    new InputError(`${where}: ${name} is ${showValue(value)}: ${wanted}`);
  const shape = `[batch, ${meta.inputShape.join(', ')}]`;
  if (!isAlive(x)) throw refusal('x', x, `it needs a float32 tensor ${shape} that is not disposed`);
  const [batch = 0, ...rest] = x.shape;
  if (batch < 1 || rest.join() !== meta.inputShape.join())
    throw refusal('x', x, `it needs shape ${shape}, at least one example`);
  if (x.dtype !== 'float32') throw refusal('x', x, "it needs float32: tf.cast(x, 'float32')");
  const checkClasses = (name: string, classes: unknown): void => {
    if (!isAlive(classes)) throw refusal(name, classes, 'they need an int32 tensor [batch] that is not disposed');
    if (classes.shape.length !== 1 || classes.shape[0] !== batch)
      throw refusal(name, classes, `they need shape [${batch}], as many as x holds examples`);
    if (classes.dtype !== 'int32') throw refusal(name, classes, "they need int32: tf.tensor1d(labels, 'int32')");
  };
  if ('labels' in given) checkClasses('labels', labels);
  if ('epsilon' in given) {
    // A ramp of training starts at 0, and nothing is proved there.
    const problem = call === 'robustLoss' && epsilon === 0 ? null : radiusProblem(epsilon);
    if (problem !== null) throw refusal('epsilon', epsilon, problem);
  }
  if ('key' in given && !isRandomKey(key)) throw refusal('key', key, wantedKey);
  if ('options' in given) {
    const options = checkArgument(optionsSchema, given.options, `${where}: options`);
    if (options.classes !== undefined) checkClasses('options.classes', options.classes);
    if (call !== 'pgdAttack' && meta.draws.includes(call) && options.key === undefined)
      throw refusal('options.key', options.key, wantedKey);
  }
  return params as Names;
}

const wantedKey = 'it needs a key: keyFrom(seed), or foldIn(key, part)';

const isAlive = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor && !value.isDisposed;
