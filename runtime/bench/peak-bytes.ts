/** What really lies in the memory of a backend: its buffers, each counted once however many tensors share it. */
import * as tf from '@tensorflow/tfjs-core';

/** Where a backend keeps its buffers. */
interface Storage {
  set(id: object, value: Entry): void;
  delete(id: object): boolean;
}

interface Entry {
  readonly values?: { readonly length: number } | null;
  readonly shape?: readonly number[];
  readonly dtype?: unknown;
}

/** Several tensors may share one: it is free when the last of them is. */
interface Buffer {
  readonly bytes: number;
  holders: number;
}

/**
 * Most bytes at once while `compute` runs on the present backend, beyond what was there before; and what it returns. What an operation takes
 * within itself is not seen. Raises `Error` on a backend whose buffers are kept elsewhere.
 */
export function peakBytesOf<T>(compute: () => T): { readonly bytes: number; readonly result: T } {
  const backend = tf.backend();
  const storage = storageOf(backend);
  const { set, delete: remove } = storage;
  const buffers = new WeakMap<object, Buffer>();
  const views = isTensorFlow(backend) ? watchViews(backend) : null;
  let [present, peak] = [0, 0];
  storage.set = (id, value) => {
    const viewed = views?.source() ?? null;
    const buffer =
      viewed === null
        ? { bytes: bytesOf(value, views !== null), holders: 0 }
        : (buffers.get(viewed) ?? { bytes: 0, holders: 0 });
    buffers.set(id, buffer);
    if (buffer.holders++ === 0) present += buffer.bytes;
    peak = Math.max(peak, present);
    set.call(storage, id, value);
  };
  storage.delete = id => {
    const buffer = buffers.get(id);
    if (buffer !== undefined && --buffer.holders === 0) present -= buffer.bytes;
    return remove.call(storage, id);
  };
  try {
    const result = compute();
    return { bytes: peak, result };
  } finally {
    storage.set = set;
    storage.delete = remove;
    views?.stop();
  }
}

/** cpu, wasm and TensorFlow have different names for it. */
function storageOf(backend: object): Storage {
  for (const name of ['data', 'dataIdMap', 'tensorMap']) {
    const storage: unknown = Reflect.get(backend, name);
    if (storage !== undefined) return storage as Storage;
  }
  throw new Error(`the backend ${tf.getBackend()} keeps its buffers at a place that is not known here`);
}

/** TensorFlow's operations take shapes, axes, places and the value of a padding as tensors too: a few bytes, whatever the size of a network. */
function bytesOf({ values, shape = [], dtype }: Entry, isTensorFlow: boolean): number {
  const entries = values?.length ?? tf.util.sizeFromShape([...shape]);
  if (isTensorFlow && (shape.length === 0 || (dtype === int32 && shape.length <= 2 && entries <= 8))) return 0;
  return dtype === bool ? entries : 4 * entries;
}

/** As TensorFlow numbers its types. */
const int32 = 3;
const bool = 10;

interface TensorFlowBackend {
  executeSingleOutput(name: string, attributes: unknown, inputs: readonly { readonly dataId: object }[]): unknown;
}

const isTensorFlow = (backend: object): backend is TensorFlowBackend => 'executeSingleOutput' in backend;

/** Operations of TensorFlow whose result is the buffer of their operand in another shape. */
const viewing = new Set(['Reshape', 'ExpandDims', 'Squeeze']);

/** While one of them runs, `source` is the operand whose buffer its result shares. */
function watchViews(backend: TensorFlowBackend): { source(): object | null; stop(): void } {
  const { executeSingleOutput } = backend;
  let source: object | null = null;
  backend.executeSingleOutput = (name, attributes, inputs) => {
    source = viewing.has(name) ? (inputs[0]?.dataId ?? null) : null;
    try {
      return executeSingleOutput.call(backend, name, attributes, inputs);
    } finally {
      source = null;
    }
  };
  return { source: () => source, stop: () => Reflect.deleteProperty(backend, 'executeSingleOutput') };
}
