/** Modules of this folder as JavaScript, which a thread can load. */
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** The address of the bundle; TensorFlow.js is not in it, so that a thread has one copy. */
export function bundled(name: string): URL {
  const file = new URL(`../../.generated/${name}-${process.pid}.mjs`, import.meta.url);
  buildSync({
    entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    outfile: fileURLToPath(file),
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['@tensorflow/*'],
  });
  return file;
}
