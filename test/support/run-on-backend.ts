/** The backends that every machine has, for tests that compare them with the reference interpreter. */
import '@tensorflow/tfjs-backend-cpu';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

export const testedBackends = ['cpu', 'wasm'] as const;
export type TestedBackend = (typeof testedBackends)[number];

/** Makes it the current backend. */
export async function useBackend(name: TestedBackend): Promise<void> {
  tf.enableProdMode();
  if (tf.getBackend() === name) return;
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(entry), sep));
  if (!(await tf.setBackend(name))) throw new Error(`the backend ${name} does not start`);
}

/** Entries of what `compute` returns, given tensors of these shapes and entries. Fails when it leaves a tensor behind. */
export function entriesOn(
  compute: (...operands: tf.Tensor[]) => tf.Tensor,
  ...operands: { readonly shape: readonly number[]; readonly data: ArrayLike<number> }[]
): Float32Array {
  const tensors = operands.map(({ shape, data }) => tf.tensor(Float32Array.from(data), [...shape]));
  const before = tf.memory().numTensors;
  const result = compute(...tensors);
  const left = tf.memory().numTensors - before;
  const entries = result.dataSync<'float32'>();
  tf.dispose([result, ...tensors]);
  if (left !== 1) throw new Error(`${left} tensors more after than before, where one is the result`);
  return entries;
}
