/** What a WebGPU adapter is: a GPU, or a program that computes as one would. */
import type { Demand, Loaded } from '../loaded-backend.ts';
import type { AdapterInfo } from './dawn.ts';

/** Drivers that compute on the CPU, some of which do not say that they do. */
const softwareDrivers = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

export const isSoftware = (info: AdapterInfo): boolean =>
  info.isFallbackAdapter || softwareDrivers.test([info.architecture, info.device, info.description].join(' '));

/** For people: `nvidia nvidia-h200, 535.104.05`. */
export function nameOfAdapter({ vendor, architecture, device, description }: AdapterInfo): string {
  const model = device === '' ? architecture : device;
  const name = [vendor, model].filter(part => part !== '').join(' ');
  return [name, description].filter(part => part !== '').join(', ') || 'an adapter without a name';
}

/** Why an adapter will not do where nobody asked for WebGPU: WebAssembly is faster than a GPU that is played by the CPU. Null when it will. */
export function softwareProblem(info: AdapterInfo, demand: Demand): string | null {
  if (demand === 'this' || !isSoftware(info)) return null;
  return `webgpu finds no GPU but ${nameOfAdapter(info)}, which computes on the CPU: --backend webgpu takes it`;
}

/** The backend that computes on it. */
export function loadedOn(info: AdapterInfo): Loaded {
  const detail = `WebGPU on ${nameOfAdapter(info)}`;
  if (!isSoftware(info)) return { detail, threads: 1, simd: true };
  const warning = 'this WebGPU adapter computes on the CPU: good for checking, far slower than WebAssembly';
  return { detail: `${detail} (software)`, threads: 1, simd: true, warning };
}
