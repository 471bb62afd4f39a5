/** What really lies in the memory of a backend: its buffers, each counted once however many tensors share it. */
import * as tf from '@tensorflow/tfjs-core';

/** Where the backends cpu and wasm keep their buffers. */
interface Storage {
  set(id: object, value: { readonly values?: { readonly length: number }; readonly shape?: readonly number[] }): void;
  delete(id: object): boolean;
}

/** Most bytes at once while `compute` runs on the present backend, beyond what was there before; and what it returns. */
export function peakBytesOf<T>(compute: () => T): { readonly bytes: number; readonly result: T } {
  const backend = tf.backend() as unknown as { readonly data?: Storage; readonly dataIdMap?: Storage };
  const storage = (backend.data ?? backend.dataIdMap)!;
  const { set, delete: remove } = storage;
  const sizes = new WeakMap<object, number>();
  let [present, peak] = [0, 0];
  storage.set = (id, value) => {
    const size = 4 * (value.values?.length ?? tf.util.sizeFromShape([...(value.shape ?? [])]));
    sizes.set(id, size);
    present += size;
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
