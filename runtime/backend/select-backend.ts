/** Which backend computes: the fastest that loads, or the one that was asked for. */
import * as tf from '@tensorflow/tfjs-core';
import { EnvironmentError } from '../errors.ts';
import { type BackendName, backendNames, readBackendName } from './backend-name.ts';
import type { Loaded, NotLoaded } from './loaded-backend.ts';
import { loadNative } from './native-backend.ts';
import { loadCpu, loadWasm } from './wasm-backend.ts';

export interface BackendInfo {
  readonly name: BackendName;
  /** One line: what it is, and why this one. */
  readonly reason: string;
  readonly threads: number;
  readonly simd: boolean;
  /** Faster ones that did not load, and why. */
  readonly passedOver: readonly { readonly name: BackendName; readonly problem: string }[];
}

export interface BackendOptions {
  /** A name of `backendNames`. Default: the variable `DUALC_BACKEND`, else the fastest that loads. */
  readonly prefer?: string;
}

const loaders: { readonly [Name in BackendName]: () => Promise<Loaded | NotLoaded> } = {
  'native-gpu': () => loadNative('native-gpu'),
  native: () => loadNative('native'),
  wasm: loadWasm,
  cpu: loadCpu,
};

/**
 * Loads a backend and makes it the current one of TensorFlow.js.
 * @throws InputError when there is none of the name that was asked for, EnvironmentError when it does not load.
 */
export async function selectBackend(options: BackendOptions = {}): Promise<BackendInfo> {
  tf.enableProdMode();
  const wish = wishOf(options);
  if (wish !== null) {
    const loaded = await load(wish.name);
    if ('problem' in loaded) throw new EnvironmentError(`${wish.source} asks for ${wish.name}: ${loaded.problem}`);
    return info(wish.name, loaded, `${wish.source} asks for it`, []);
  }
  const passedOver: { name: BackendName; problem: string }[] = [];
  for (const name of backendNames) {
    const loaded = await load(name);
    if (!('problem' in loaded)) {
      const others = passedOver.map(other => other.problem).join('; ');
      return info(name, loaded, others === '' ? 'the fastest there is' : others, passedOver);
    }
    passedOver.push({ name, problem: loaded.problem });
  }
  throw new EnvironmentError(`no backend loads:\n${passedOver.map(({ problem }) => `  ${problem}`).join('\n')}`);
}

function wishOf({ prefer }: BackendOptions): { readonly name: BackendName; readonly source: string } | null {
  if (prefer !== undefined) return { name: readBackendName(prefer, '--backend'), source: '--backend' };
  const variable = process.env.DUALC_BACKEND;
  if (variable === undefined || variable === '') return null;
  return { name: readBackendName(variable, 'DUALC_BACKEND'), source: 'DUALC_BACKEND' };
}

async function load(name: BackendName): Promise<Loaded | NotLoaded> {
  try {
    return await loaders[name]();
  } catch (error) {
    return { problem: `${name} does not load: ${error instanceof Error ? error.message.split('\n')[0] : error}` };
  }
}

const info = (
  name: BackendName,
  { detail, threads, simd }: Loaded,
  why: string,
  passedOver: BackendInfo['passedOver'],
): BackendInfo => ({
  name,
  reason: `${detail}, ${threads === 1 ? '1 thread' : `${threads} threads`} (${why})`,
  threads,
  simd,
  passedOver,
});
