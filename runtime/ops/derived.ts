/**
 * What is made of parameters alone: magnitudes, transposes, kernels in another order. While parameters are kept, it is made once; else
 * whenever it is asked for. That is known by the data of a tensor, which never changes: a variable that is assigned has other data.
 */
import * as tf from '@tensorflow/tfjs-core';
import { showValue } from '../border/show-value.ts';
import type { Params } from '../contract.ts';
import { InputError } from '../errors.ts';

interface Made {
  /** Null where a list has nothing at a place. */
  readonly tensors: readonly (tf.Tensor | null)[];
  /** Whether what made it ran to its end. */
  settled: boolean;
}

interface Keeping {
  /** By what was made. */
  readonly made: Map<string, Made>;
  owners: number;
}

const kept = new WeakMap<object, Keeping>();

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

/**
 * `make()`, once while `of` is kept: tensors of the caller's either way. `by` tells what is made from all else that is made of the same
 * tensor.
 */
export function derivedAll(of: tf.Tensor, by: string, make: () => (tf.Tensor | null)[]): (tf.Tensor | null)[] {
  const keeping = kept.get(of.dataId);
  if (keeping === undefined) return make();
  const known = keeping.made.get(by);
  if (known !== undefined) return known.tensors.map(copy);
  const made = make();
  // A view costs nothing, and has no data of its own.
  if (made.some(tensor => tensor?.dataId === of.dataId)) return made;
  const tensors = made.map(copy);
  keeping.made.set(by, { tensors, settled: false });
  for (const tensor of tensors) {
    if (tensor === null) continue;
    tf.keep(tensor);
    kept.set(tensor.dataId, { made: new Map(), owners: 1 });
  }
  return made;
}

/** Another tensor of the same data. */
const copy = (tensor: tf.Tensor | null): tf.Tensor | null => tensor && tf.clone(tensor);

export const derived = (of: tf.Tensor, by: string, make: () => tf.Tensor): tf.Tensor =>
  derivedAll(of, by, () => [make()])[0]!;
