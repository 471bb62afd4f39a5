/**
 * The backends that tests run on: those that every machine has, and in their place TensorFlow as `dualc setup native` builds it when
 * `npm run test:native` runs them.
 */
import '@tensorflow/tfjs-backend-cpu';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { loadNative } from '../../runtime/backend/native-backend.ts';

const portableBackends = ['cpu', 'wasm'] as const;
export type PortableBackend = (typeof portableBackends)[number];
export type TestedBackend = PortableBackend | 'native';

/** Set by vitest.config.ts in the mode `native`, before any test is read. */
export const onNative: boolean = process.env.DUALC_TEST_BACKEND === 'native';

/** For tests of commands: what `--backend` is given where any backend will do. */
export const anyBackend: TestedBackend = onNative ? 'native' : 'cpu';

/** For tests that run on each. */
export const testedBackends: readonly TestedBackend[] = onNative ? ['native'] : portableBackends;

/** Makes it the current backend; under `npm run test:native` TensorFlow, whichever it is. */
export async function useBackend(name: TestedBackend): Promise<void> {
  tf.enableProdMode();
  if (onNative) return useNative();
  if (name === 'native') throw new Error('npm run test:native runs tests on the native backend');
  if (tf.getBackend() === name) return;
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(entry), sep));
  if (!(await tf.setBackend(name))) throw new Error(`the backend ${name} does not start`);
}

async function useNative(): Promise<void> {
  const loaded = await loadNative('native');
  if ('problem' in loaded) throw new Error(loaded.problem);
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
