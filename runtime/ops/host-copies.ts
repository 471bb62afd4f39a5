/**
 * Tensors that are written here, most of them run by run out of another one. On wasm, where the backend's kernels for that take thirty
 * times as long, its memory is read and written where it lies.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Whether that is the faster way: on backends that read back at once, whose kernels go entry by entry through indices. */
export const copiesHere = (): boolean => ['wasm', 'cpu'].includes(tf.getBackend());

/** What is used of the class that `@tensorflow/tfjs-backend-wasm` exports. */
interface WasmMemory {
  /** With room for the entries, which are anything. */
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
}

const wasmMemory = (): WasmMemory | null =>
  tf.getBackend() === 'wasm' ? (tf.backend() as unknown as WasmMemory) : null;

/** Float32, of that shape. @param write every entry; they may be anything before */
export function writtenHere(shape: readonly number[], write: (to: Float32Array) => void): tf.Tensor {
  const memory = wasmMemory();
  if (memory === null) {
    const entries = new Float32Array(tf.util.sizeFromShape([...shape]));
    write(entries);
    return tf.tensor(entries, [...shape]);
  }
  const made = tf.engine().makeTensorFromTensorInfo(memory.makeOutput([...shape], 'float32'));
  write(memory.typedArrayFromHeap(made));
  return made;
}

/** The same, with the entries of `x` to copy from. */
export const copiedHere = (
  x: tf.Tensor,
  shape: readonly number[],
  copy: (from: Float32Array, to: Float32Array) => void,
): tf.Tensor => joinedHere([x], shape, ([from], to) => copy(from!, to));

/** The same, with the entries of several tensors. */
export function joinedHere(
  parts: readonly tf.Tensor[],
  shape: readonly number[],
  copy: (from: readonly Float32Array[], to: Float32Array) => void,
): tf.Tensor {
  const memory = wasmMemory();
  // What lies on another backend is brought here before there is anything to write to: both may move the memory.
  for (const part of parts) memory?.typedArrayFromHeap(part);
  const read = (part: tf.Tensor): Float32Array => memory?.typedArrayFromHeap(part) ?? (part.dataSync() as Float32Array);
  return writtenHere(shape, to => copy(parts.map(read), to));
}

/** Copies `length` entries from one place to another one. */
export type RunCopy = (source: number, target: number, length: number) => void;

/** Within one memory a copy is a call that makes nothing: a view for each of thousands of runs would take longer than the copies. */
export function runCopy(from: Float32Array, to: Float32Array): RunCopy {
  if (from.buffer !== to.buffer)
    return (source, target, length) => to.set(from.subarray(source, source + length), target);
  const bytes = new Uint8Array(to.buffer);
  const [start, place] = [from.byteOffset, to.byteOffset];
  return (source, target, length) => {
    bytes.copyWithin(place + 4 * target, start + 4 * source, start + 4 * (source + length));
  };
}
