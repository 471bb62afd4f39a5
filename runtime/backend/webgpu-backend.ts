/** WebGPU in Node: `@tensorflow/tfjs-backend-webgpu` over Dawn, two optional packages. */
import * as tf from '@tensorflow/tfjs-core';
import type { Demand, Loaded, NotLoaded } from './loaded-backend.ts';
import { loadedOn, nameOfAdapter, softwareProblem } from './webgpu/adapter.ts';
import type { Adapter, Dawn, Gpu } from './webgpu/dawn.ts';
import { type WatchedBackend, watchCommands } from './webgpu/failed-commands.ts';
import { missingPackages, missingProblem } from './webgpu/packages.ts';
import { replaceKernels } from './webgpu/replaced-kernels.ts';

const name = 'webgpu';
const kernels = '@tensorflow/tfjs-backend-webgpu';

/** What started in this process: TensorFlow.js starts a backend once. Dawn ends, and the process with it, when its `gpu` is collected as garbage. */
let started: { readonly gpu: Gpu; readonly adapter: Adapter } | null = null;

/**
 * Makes WebGPU the current backend; says why when it does not start. An adapter that computes on the CPU, more slowly than WebAssembly, will
 * do only when WebGPU was asked for.
 */
export async function loadWebgpu(demand: Demand): Promise<Loaded | NotLoaded> {
  const missing = missingPackages();
  if (missing.length > 0) return { problem: missingProblem(missing, demand) };
  const dawn = await importDawn();
  if ('problem' in dawn) return dawn;
  const gpu = started?.gpu ?? dawn.create([]);
  const adapter = started?.adapter ?? (await gpu.requestAdapter({ powerPreference: 'high-performance' }));
  if (adapter === null) return { problem: noAdapter };
  const problem = softwareProblem(adapter.info, demand);
  if (problem !== null) return { problem };
  if (started === null) await registerOn(adapter, dawn);
  if (!(await tf.setBackend(name))) return { problem: `${kernels} does not start on ${nameOfAdapter(adapter.info)}` };
  if (started === null) watchCommands(tf.backend() as unknown as WatchedBackend);
  started = { gpu, adapter };
  return loadedOn(adapter.info);
}

const noAdapter =
  'webgpu finds no GPU: no driver of Vulkan, Metal or Direct3D 12 answers (on Linux Dawn opens libvulkan.so.1)';

async function importDawn(): Promise<Dawn | NotLoaded> {
  try {
    // By a name that TypeScript does not look up: the package need not be there.
    const specifier: string = 'webgpu';
    return (await import(specifier)) as Dawn;
  } catch (error) {
    return { problem: `webgpu does not load: ${error instanceof Error ? error.message.split('\n')[0] : error}` };
  }
}

/** The package looks for `navigator.gpu`, as in a browser, when it is imported and when its backend is made. */
async function registerOn(adapter: Adapter, { globals }: Dawn): Promise<void> {
  for (const [key, value] of Object.entries(globals))
    if (!(key in globalThis)) Object.defineProperty(globalThis, key, { value, configurable: true, writable: true });
  const gpu = { requestAdapter: async (): Promise<Adapter> => adapter };
  const navigator = Reflect.get(globalThis, 'navigator') ?? {};
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true, writable: true });
  await import(kernels);
  // It would compute what is small on the CPU, where no self-test of the GPU says anything.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  replaceKernels();
}
