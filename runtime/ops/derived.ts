/**
 * What is made of parameters alone: magnitudes, transposes, kernels in another order. While parameters are kept, it is made once; else
 * whenever it is asked for. That is known by the data of a tensor, which never changes: a variable that is assigned has other data.
 */
import * as tf from '@tensorflow/tfjs-core';

export interface Made {
  /** Null where a list has nothing at a place. */
  readonly tensors: readonly (tf.Tensor | null)[];
  /** Whether what made it ran to its end. */
  settled: boolean;
}

export interface Keeping {
  /** By what was made. */
  readonly made: Map<string, Made>;
  owners: number;
}

/** By the data of what is kept. `keep-derived.ts` begins and ends that. */
export const kept: WeakMap<object, Keeping> = new WeakMap();

/**
 * `make()`, once while `of` is kept: tensors of the caller's either way. `by` tells what is made from all else that is made of the same
 * tensor in that shape.
 */
export function derivedAll(of: tf.Tensor, by: string, make: () => (tf.Tensor | null)[]): (tf.Tensor | null)[] {
  const keeping = keepingOf(of);
  if (keeping === undefined) return make();
  // A reshaped tensor has the same data.
  const key = `${by} of ${of.shape}`;
  const known = keeping.made.get(key);
  if (known !== undefined) return known.tensors.map(copy);
  const made = make();
  // A view costs nothing, and has no data of its own.
  if (made.some(tensor => tensor?.dataId === of.dataId)) return made;
  keeping.made.set(key, { tensors: made, settled: false });
  for (const tensor of made) {
    if (tensor === null) continue;
    tf.keep(tensor);
    kept.set(tensor.dataId, { made: new Map(), owners: 1 });
  }
  return made.map(copy);
}

/** `derivedAll` of two tensors, once while both are kept. */
export const derivedOfBoth = (
  of: tf.Tensor,
  and: tf.Tensor,
  by: string,
  make: () => (tf.Tensor | null)[],
): (tf.Tensor | null)[] =>
  keepingOf(and) === undefined ? make() : derivedAll(of, `${by} with ${numberOf(original(and))} as ${and.shape}`, make);

const numbers = new WeakMap<object, number>();
let highest = 0;

/** Tells data apart, for as long as it lives. */
function numberOf(dataId: object): number {
  const known = numbers.get(dataId) ?? ++highest;
  numbers.set(dataId, known);
  return known;
}

/** Another tensor of the same data. `clone` copies them on wasm, which then would not know again what it has laid out for its kernels. */
function copy(tensor: tf.Tensor | null): tf.Tensor | null {
  if (tensor === null) return null;
  const view = tf.reshape(tensor, tensor.shape);
  if (view.dataId !== tensor.dataId) originals.set(view.dataId, tensor.dataId);
  return view;
}

/** On TensorFlow a view has a name of its own for its data: here is that of what it views. */
const originals = new WeakMap<object, object>();
const original = ({ dataId }: tf.Tensor): object => originals.get(dataId) ?? dataId;
const keepingOf = (tensor: tf.Tensor): Keeping | undefined => kept.get(original(tensor));

export const derived = (of: tf.Tensor, by: string, make: () => tf.Tensor): tf.Tensor =>
  derivedAll(of, by, () => [make()])[0]!;
