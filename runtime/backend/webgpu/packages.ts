/** The optional packages that make WebGPU a backend in Node: Dawn, and the kernels of TensorFlow.js for it. */
import { createRequire } from 'node:module';
import type { Demand } from '../loaded-backend.ts';

/** By the names that `package.json` lists among its peers, in the versions that it asks for. */
export const webgpuPackages = { webgpu: '0.6.2', '@tensorflow/tfjs-backend-webgpu': '4.22.0' } as const;

export const installWebgpu: string = `npm install ${Object.entries(webgpuPackages)
  .map(([name, version]) => `${name}@${version}`)
  .join(' ')}`;

/** Those that are not installed where dualc would find them. */
export function missingPackages(from: string = import.meta.url): string[] {
  const { resolve } = createRequire(from);
  return Object.keys(webgpuPackages).filter(name => {
    try {
      return resolve(name) === '';
    } catch {
      return true;
    }
  });
}

/** `webgpu is not installed`, and what installs it for somebody who asked for it. */
export const missingProblem = (missing: readonly string[], demand: Demand): string =>
  `${missing[0]} is not installed${demand === 'this' ? `: ${installWebgpu}` : ''}`;
