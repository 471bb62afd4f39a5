/** First values of the parameters, a function of seed and parameter name alone. */
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { oneOf, randomKey } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import { checkBackend } from '../border/check-backend.ts';
import type { InitialValues, ParameterMeta, RandomKey } from '../contract.ts';
import { normal, uniform } from '../random/draws.ts';
import { foldIn } from '../random/random-key.ts';

/**
 * How kernels and biases are drawn:
 * - `he`: weights normal with variance `2 / fan-in` (He et al. 2015, eq. 10), biases 0
 * - `glorot`: weights uniform with variance `2 / (fan-in + fan-out)` (Glorot and Bengio 2010, eq. 16), biases 0
 * - `pytorch`: weights and biases uniform in `±1/√fan-in`, PyTorch's default for its linear and convolution layers
 */
export type Initialization = 'he' | 'glorot' | 'pytorch';

export const initializations: readonly Initialization[] = ['he', 'glorot', 'pytorch'];

const parameterList = v.array(
  v.looseObject({ name: v.string(), shape: v.array(v.number()), initial: v.looseObject({ kind: v.string() }) }),
  'it needs meta.parameters',
);

/** A new tensor for every parameter of `meta.parameters`; the caller disposes them. Raises `InputError` for arguments that are none. */
export function initializeParams(
  parameters: readonly ParameterMeta[],
  key: RandomKey,
  initialization: Initialization = 'he',
): Record<string, tf.Tensor> {
  checkBackend('initializeParams');
  checkArgument(parameterList, parameters, 'initializeParams: parameters');
  checkArgument(randomKey, key, 'initializeParams: key');
  checkArgument(oneOf(initializations), initialization, 'initializeParams: initialization');
  return Object.fromEntries(
    parameters.map(({ name, shape, initial }) => {
      const own = foldIn(foldIn(key, 'initialize'), name);
      const values = draw(initialization, initial, own, tf.util.sizeFromShape([...shape]));
      return [name, tf.tensor(values, [...shape], 'float32')];
    }),
  );
}

function draw(initialization: Initialization, initial: InitialValues, key: RandomKey, count: number): Float32Array {
  if (initial.kind === 'constant') return new Float32Array(count).fill(initial.value);
  const within = (limit: number): Float32Array => uniform(key, count).map(x => (2 * x - 1) * limit);
  if (initialization === 'pytorch') return within(1 / Math.sqrt(initial.fanIn));
  if (initial.kind === 'bias') return new Float32Array(count);
  const { fanIn, fanOut } = initial;
  if (initialization === 'glorot') return within(Math.sqrt(6 / (fanIn + fanOut)));
  return normal(key, count).map(x => x * Math.sqrt(2 / fanIn));
}
