/** What really lies in the memory of a backend: its buffers, each counted once however many tensors share it. */
import * as tf from '@tensorflow/tfjs-core';

/** Where a backend keeps its buffers: `data` on cpu, `dataIdMap` on wasm, `tensorMap` where TensorFlow itself computes. */
interface Storage {
  set(
    id: object,
    value: { readonly values?: { readonly length: number } | null; readonly shape?: readonly number[] },
  ): void;
  delete(id: object): boolean;
}

interface Stores {
  readonly data?: Storage;
  readonly dataIdMap?: Storage;
  readonly tensorMap?: Storage;
}

/**
 * Most bytes at once while `compute` runs on the present backend, beyond what was there before; and what it returns. What an operation
 * takes within itself is not seen. Raises `TypeError` on a backend whose buffers are kept elsewhere.
 */
export function peakBytesOf<T>(compute: () => T): { readonly bytes: number; readonly result: T } {
  const { data, dataIdMap, tensorMap } = tf.backend() as unknown as Stores;
  const storage = data ?? dataIdMap ?? tensorMap;
  if (storage === undefined) throw new TypeError(`the buffers of the backend ${tf.getBackend()} cannot be counted`);
  const { set, delete: remove } = storage;
  const sizes = new WeakMap<object, number>();
  let [present, peak] = [0, 0];
  storage.set = (id, value) => {
    const size = 4 * (value.values?.length ?? tf.util.sizeFromShape([...(value.shape ?? [])]));
    // What is set again takes the place of what was there.
    present += size - (sizes.get(id) ?? 0);
    sizes.set(id, size);
    peak = Math.max(peak, present);
    set.call(storage, id, value);
  };
  storage.delete = id => {
    present -= sizes.get(id) ?? 0;
    return remove.call(storage, id);
  };
  try {
    const result = compute();
    return { bytes: peak, result };
  } finally {
    storage.set = set;
    storage.delete = remove;
  }
}
