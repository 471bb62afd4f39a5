/** The backends of TensorFlow.js that dualc knows, fastest first. */
import { InputError } from '../errors.ts';

export const backendNames = ['native-gpu', 'native', 'webgpu', 'wasm', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** Raises `InputError` when there is no such backend; `source` says who asked for it. */
export function readBackendName(text: string, source: string): BackendName {
  const name = backendNames.find(candidate => candidate === text);
  if (name === undefined)
    throw new InputError(`${source}: there is no backend '${text}'; there are ${backendNames.join(', ')}`);
  return name;
}
