/**
 * The backends that tests run on: those that every machine has, and in their place TensorFlow as `dualc setup native` builds it when
 * `npm run test:native` runs them, or WebGPU when `npm run test:webgpu` does.
 */
import '@tensorflow/tfjs-backend-cpu';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { loadNative } from '../../runtime/backend/native-backend.ts';
import { loadWebgpu } from '../../runtime/backend/webgpu-backend.ts';

const portableBackends = ['cpu', 'wasm'] as const;
export type PortableBackend = (typeof portableBackends)[number];
const loaders = { native: () => loadNative('native'), webgpu: () => loadWebgpu('this') } as const;
type OtherBackend = keyof typeof loaders;
export type TestedBackend = PortableBackend | OtherBackend;

/** Set by vitest.config.ts in the modes of these names, before any test is read. */
const other = Object.keys(loaders).find(name => name === process.env.DUALC_TEST_BACKEND) as OtherBackend | undefined;
export const onNative: boolean = other === 'native';
export const onWebgpu: boolean = other === 'webgpu';

/** For tests of commands: what `--backend` is given where any backend will do. */
export const anyBackend: TestedBackend = other ?? 'cpu';

/** For tests that run on each. */
export const testedBackends: readonly TestedBackend[] = other === undefined ? portableBackends : [other];

/** Makes it the current backend; under `npm run test:native` TensorFlow, under `npm run test:webgpu` WebGPU, whichever it is. */
export async function useBackend(name: TestedBackend): Promise<void> {
  tf.enableProdMode();
  if (other !== undefined) return useOther(other);
  if (name in loaders) throw new Error(`npm run test:${name} runs tests on the backend ${name}`);
  if (tf.getBackend() === name) return;
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(entry), sep));
  if (!(await tf.setBackend(name))) throw new Error(`the backend ${name} does not start`);
}

async function useOther(name: OtherBackend): Promise<void> {
  const loaded = await loaders[name]();
  if ('problem' in loaded) throw new Error(loaded.problem);
}

/** Entries of what `compute` returns, given tensors of these shapes and entries. Fails when it leaves a tensor behind. */
export async function entriesOn(
  compute: (...operands: tf.Tensor[]) => tf.Tensor,
  ...operands: { readonly shape: readonly number[]; readonly data: ArrayLike<number> }[]
): Promise<Float32Array> {
  const tensors = operands.map(({ shape, data }) => tf.tensor(Float32Array.from(data), [...shape]));
  const before = tf.memory().numTensors;
  const result = compute(...tensors);
  const left = tf.memory().numTensors - before;
  const entries = await result.data<'float32'>();
  tf.dispose([result, ...tensors]);
  if (left !== 1) throw new Error(`${left} tensors more after than before, where one is the result`);
  return entries;
}
