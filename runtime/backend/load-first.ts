/** Loads the backend that was asked for, or the first that loads. */
import * as tf from '@tensorflow/tfjs-core';
import { EnvironmentError } from '../errors.ts';
import type { BackendName } from './backend-name.ts';
import type { Demand, Loaded, NotLoaded } from './loaded-backend.ts';

export interface BackendInfo {
  readonly name: BackendName;
  /** The package, and what it computes on. */
  readonly detail: string;
  /** One line: what it is, and why this one. */
  readonly reason: string;
  readonly threads: number;
  readonly simd: boolean;
  /** What somebody who asked for it may not know; null when there is nothing. */
  readonly warning: string | null;
  /** Faster ones that did not load, and why. */
  readonly passedOver: readonly { readonly name: BackendName; readonly problem: string }[];
}

/** The only backend that will do, and who says so. */
export interface Wish {
  readonly name: BackendName;
  readonly source: string;
}

export type Loaders = Partial<Readonly<Record<BackendName, (demand: Demand) => Promise<Loaded | NotLoaded>>>>;

/** In the order of the loaders. @throws EnvironmentError when the wish does not load, or none does */
export async function loadFirst(loaders: Loaders, wish: Wish | null): Promise<BackendInfo> {
  tf.enableProdMode();
  if (wish !== null) {
    const loaded = await load(loaders, wish.name, 'this');
    if ('problem' in loaded) throw new EnvironmentError(`${wish.source} asks for ${wish.name}: ${loaded.problem}`);
    return info(wish.name, loaded, `${wish.source} asks for it`, []);
  }
  const passedOver: { name: BackendName; problem: string }[] = [];
  for (const name of Object.keys(loaders) as BackendName[]) {
    const loaded = await load(loaders, name, 'any');
    if (!('problem' in loaded)) {
      const others = passedOver.map(other => other.problem).join('; ');
      return info(name, loaded, others === '' ? 'the fastest there is' : others, passedOver);
    }
    passedOver.push({ name, problem: loaded.problem });
  }
  throw new EnvironmentError(`no backend loads:\n${passedOver.map(({ problem }) => `  ${problem}`).join('\n')}`);
}

async function load(loaders: Loaders, name: BackendName, demand: Demand): Promise<Loaded | NotLoaded> {
  try {
    return (
      (await loaders[name]?.(demand)) ?? { problem: 'it needs Node, and a program that imports dualc/runtime/node' }
    );
  } catch (error) {
    return { problem: `${name} does not load: ${error instanceof Error ? error.message.split('\n')[0] : error}` };
  }
}

const info = (
  name: BackendName,
  { detail, threads, simd, warning }: Loaded,
  why: string,
  passedOver: BackendInfo['passedOver'],
): BackendInfo => ({
  name,
  detail,
  reason: `${detail}, ${threads === 1 ? '1 thread' : `${threads} threads`} (${why})`,
  threads,
  simd,
  warning: warning ?? null,
  passedOver,
});
