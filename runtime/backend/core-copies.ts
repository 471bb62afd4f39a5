/** Copies of TensorFlow.js that could meet in one process: tensors of one are unknown to the other. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface CoreCopy {
  /** Folder of the package. */
  readonly folder: string;
  readonly version: string;
  /** Packages that load this copy. */
  readonly usedBy: readonly string[];
}

const core = '@tensorflow/tfjs-core';
const users = ['tfjs-backend-cpu', 'tfjs-backend-wasm', 'tfjs-backend-webgpu', 'tfjs-node', 'tfjs-node-gpu'].map(
  name => `@tensorflow/${name}`,
);

/** The copies that dualc and the backends would load, those of packages that are not installed left out; one is right. `from` is a file of dualc. */
export function coreCopies(from: string = import.meta.url): CoreCopy[] {
  const byFolder = new Map<string, CoreCopy>();
  const note = (user: string, file: string): void => {
    const entry = resolve(core, file);
    if (entry === null) return;
    const folder = packageFolder(entry);
    const { usedBy = [], version = versionOf(folder) } = byFolder.get(folder) ?? {};
    byFolder.set(folder, { folder, version, usedBy: [...usedBy, user] });
  };
  note('dualc', from);
  for (const user of users) {
    const entry = resolve(user, from);
    if (entry !== null) note(user, entry);
  }
  return [...byFolder.values()];
}

function resolve(name: string, from: string): string | null {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return null;
  }
}

/** `…/node_modules/@tensorflow/tfjs-core/dist/x.js` → `…/node_modules/@tensorflow/tfjs-core`. */
function packageFolder(entry: string): string {
  const marker = path.join(...core.split('/'));
  return entry.slice(0, entry.lastIndexOf(marker) + marker.length);
}

function versionOf(folder: string): string {
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}
