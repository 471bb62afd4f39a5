/** For how long what is made of parameters is kept (`derived.ts`). */
import * as tf from '@tensorflow/tfjs-core';
import { showValue } from '../border/show-value.ts';
import type { Params } from '../contract.ts';
import { InputError } from '../errors.ts';
import { kept, type Made } from './derived.ts';

export interface KeptDerived {
  /** Disposes of what was made, unless others keep the same parameters. */
  dispose(): void;
  /** A computation has ended well: what it made stays when a later one breaks down. */
  settle(): void;
  /**
   * Instead of `dispose`, when the backend broke down in a computation, and all tensors that this one had made are forgotten already: so are
   * those of the computations before it.
   */
  forget(): void;
}

/**
 * From here on until it is disposed of, what modules make of these parameters alone is made once. For many calls with the same
 * parameters; it takes memory for a few copies of them. Raises `InputError` for what is no tensor, or is disposed of.
 */
export function keepDerived(params: Params): KeptDerived {
  const data = dataOf(params);
  for (const dataId of data) {
    const keeping = kept.get(dataId) ?? { made: new Map(), owners: 0 };
    keeping.owners += 1;
    kept.set(dataId, keeping);
  }
  let ended = false;
  const end = (free: Free): void => {
    if (ended) return;
    ended = true;
    for (const dataId of data) {
      const keeping = kept.get(dataId);
      if (keeping === undefined) continue;
      keeping.owners -= 1;
      if (keeping.owners === 0) release(dataId, free);
    }
  };
  return {
    dispose: () => end(tensor => tensor.dispose()),
    settle: () => data.forEach(settle),
    forget: () =>
      end((tensor, { settled }) => {
        if (settled) tensor.dispose();
      }),
  };
}

function dataOf(params: Params): object[] {
  if (typeof params !== 'object' || params === null)
    throw new InputError(`keepDerived: params is ${showValue(params)}: it needs tensors, by name`);
  return Object.entries(params).map(([name, tensor]) => {
    if (!(tensor instanceof tf.Tensor))
      throw new InputError(`keepDerived: ${name} is ${showValue(tensor)}, not a tensor`);
    if (tensor.isDisposed) throw new InputError(`keepDerived: ${name} is disposed`);
    return tensor.dataId;
  });
}

function settle(dataId: object): void {
  for (const made of kept.get(dataId)?.made.values() ?? []) {
    made.settled = true;
    for (const tensor of made.tensors) if (tensor !== null) settle(tensor.dataId);
  }
}

type Free = (tensor: tf.Tensor, made: Made) => void;

function release(dataId: object, free: Free): void {
  const keeping = kept.get(dataId);
  kept.delete(dataId);
  for (const made of keeping?.made.values() ?? []) {
    for (const tensor of made.tensors) {
      if (tensor === null) continue;
      release(tensor.dataId, free);
      free(tensor, made);
    }
  }
}
