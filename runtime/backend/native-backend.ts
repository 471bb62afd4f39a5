/**
 * TensorFlow itself: through the optional packages `@tensorflow/tfjs-node-gpu` and `@tensorflow/tfjs-node` where they are installed, or as
 * `dualc setup native` built it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { cudaDriverAnswers } from '../native/cuda-driver.ts';
import { loadBuild } from '../native/load-build.ts';
import { lookAtBuild } from '../native/manifest.ts';
import {
  canBeBuilt,
  type NativeVariant,
  nativeFolder,
  setupCommandOf,
  tensorFlowVersion,
} from '../native/native-build.ts';
import { nativeThreads, prepareForTensorFlow } from '../native/native-variables.ts';
import { replaceStep } from '../native/step-kernel.ts';
import type { Loaded, NotLoaded } from './loaded-backend.ts';

interface Native {
  readonly specifier: string;
  readonly variant: NativeVariant;
}

const natives: Readonly<Record<'native-gpu' | 'native', Native>> = {
  'native-gpu': { specifier: '@tensorflow/tfjs-node-gpu', variant: 'gpu' },
  native: { specifier: '@tensorflow/tfjs-node', variant: 'cpu' },
};

/** Loads TensorFlow and makes it the current backend; says why when it does not load. */
export async function loadNative(name: 'native-gpu' | 'native'): Promise<Loaded | NotLoaded> {
  const native = natives[name];
  // Of two libraries in one process neither would work well: the one for GPUs is loaded only where there may be one.
  if (name === 'native-gpu' && !cudaDriverAnswers())
    return { problem: `${native.specifier} needs a CUDA driver, and none answers` };
  prepareForTensorFlow();
  const source = await loadTensorFlow(native);
  if (typeof source !== 'string') return source;
  replaceStep();
  if (!(await tf.setBackend('tensorflow'))) return { problem: `${source} loads, but TensorFlow does not start` };
  const usesGpu = Reflect.get(tf.backend(), 'isUsingGpuDevice') === true;
  if (name === 'native-gpu' && !usesGpu) return { problem: `${source} loads, but TensorFlow finds no GPU` };
  const { count, isChosen } = nativeThreads();
  const details = [source, usesGpu ? 'GPU' : 'CPU', ...(isChosen ? [`TF_NUM_INTRAOP_THREADS=${count}`] : [])];
  return { detail: details.join(', '), threads: count, simd: true };
}

/** The installed package before what dualc built. Returns what was loaded, for people. */
async function loadTensorFlow({ specifier, variant }: Native): Promise<string | NotLoaded> {
  try {
    await import(specifier);
    return specifier;
  } catch (error) {
    const built = loadBuilt(variant);
    if (typeof built === 'string') return built;
    return { problem: built?.problem ?? loadProblem(error, specifier, canBeBuilt() ? setupCommandOf(variant) : null) };
  }
}

/** Null when nothing was built. */
function loadBuilt(variant: NativeVariant): string | NotLoaded | null {
  const standing = lookAtBuild(variant);
  const command = setupCommandOf(variant);
  if (standing.state === 'absent') return null;
  if (standing.state === 'damaged') return { problem: `${standing.problem}: ${command} builds it again` };
  try {
    loadBuild(nativeFolder(variant), variant);
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { problem: `what ${command} built does not load: ${why}` };
  }
  return `TensorFlow ${tensorFlowVersion} of ${command}`;
}

/**
 * Tells a package that is not there from one whose addon was never built and one whose addon does not load.
 * @param setup the command that makes up for it, where there is one
 */
export function loadProblem(error: unknown, specifier: string, setup: string | null): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const isAbsent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  const remedy = setup === null ? '' : `: ${setup} builds it`;
  if (isAbsent && message.includes(`'${specifier}'`)) return `${specifier} is not installed${remedy}`;
  if (message.includes('tfjs_binding.node') && message.includes('can not be found'))
    return `${specifier} is installed without its addon: ${setup === null ? `npm rebuild ${specifier} --build-addon-from-source` : `${setup} builds one`}`;
  return `${specifier} does not load: ${message.split('\n')[0]}`;
}
