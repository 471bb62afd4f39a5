/** Parameters of a network, checked against what its module was compiled for. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelMeta, Params } from '../contract.ts';
import { InputError } from '../errors.ts';
import { printIndex } from '../weights/named-tensor.ts';
import { didYouMean } from '../weights/nearest-name.ts';
import { showValue } from './show-value.ts';

/**
 * Names, shapes and types; no value is read. `call` is whose argument it is. Raises `InputError` listing every parameter that is
 * missing, unknown, disposed, or of another shape or type.
 */
export function checkParams(params: Params, meta: ModelMeta, call: string): void {
  if (typeof params !== 'object' || params === null) {
    throw new InputError(`${call}: params is ${showValue(params)}: it needs a tensor for each parameter, by name`);
  }
  const wanted = meta.parameters.map(({ name }) => name);
  const problems = meta.parameters.flatMap(({ name, shape }) => {
    const problem = problemOf(Object.hasOwn(params, name) ? params[name] : undefined, shape);
    return problem === null ? [] : [`${name} ${problem}`];
  });
  for (const name of Object.keys(params)) {
    if (!wanted.includes(name)) problems.push(`${name} is no parameter of it${didYouMean(name, wanted)}`);
  }
  if (problems.length > 0) {
    throw new InputError(`${call}: parameters do not fit ${meta.source}: ${problems.join('; ')}`);
  }
}

function problemOf(given: unknown, shape: readonly number[]): string | null {
  if (given === undefined) return 'is missing';
  if (!(given instanceof tf.Tensor)) return `is ${showValue(given)}, not a tensor (see makeTensors)`;
  if (given.isDisposed) return 'is disposed';
  if (given.shape.join() !== shape.join()) return `is [${given.shape.join(', ')}], not [${shape.join(', ')}]`;
  return given.dtype === 'float32' ? null : `is ${given.dtype}, not float32`;
}

/** As `checkParams`, and reads every value: one that is not finite is refused, with its place. */
export async function checkFiniteParams(params: Params, meta: ModelMeta, call: string): Promise<void> {
  checkParams(params, meta, call);
  const problems: string[] = [];
  for (const { name, shape } of meta.parameters) {
    const values = await params[name]!.data<'float32'>();
    const at = values.findIndex(value => !Number.isFinite(value));
    if (at >= 0) problems.push(`${name}${printIndex(at, shape)} is ${values[at]}`);
  }
  if (problems.length > 0) {
    throw new InputError(
      `${call}: parameters that are not finite: ${problems.join('; ')}. Nothing can be said of such a network`,
    );
  }
}
