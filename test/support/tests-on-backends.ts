/** Which tests compute: those that reach `run-on-backend.ts`, through whatever files of support. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../', import.meta.url));
const target = 'support/run-on-backend.ts';

/** Paths from the root of the repository, sorted. */
export function testsOnBackends(): string[] {
  const imports = new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
      .map(entry => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .filter(name => !name.startsWith('.generated/'))
      .map(name => [name, importedBy(name)]),
  );
  const reaching = new Set([target]);
  // Each turn goes one import further.
  for (let before = 0; before < reaching.size; ) {
    before = reaching.size;
    for (const [name, imported] of imports) if (imported.some(other => reaching.has(other))) reaching.add(name);
  }
  return [...reaching]
    .filter(name => name.endsWith('.test.ts'))
    .map(name => `test/${name}`)
    .sort();
}

/** Those that read nothing at once, which WebGPU in Node cannot, and that a GPU played by the CPU is done with in minutes. */
export const testsOnWebgpu: readonly string[] = [
  'test/compiler/5-program/check-program.test.ts',
  'test/compiler/7-emit/{emitted-operations,random-networks,render-module}.test.ts',
  'test/runtime/backend/self-test.test.ts',
  'test/runtime/backend/webgpu/*.test.ts',
  'test/runtime/certify/not-finite.test.ts',
  'test/runtime/ops/{asked-rows,cauchy-scale,chunks,convolutions,examples-last,geometric-means,mat-mul}.test.ts',
  'test/runtime/ops/{middle-means,one-hot,rows,rows-at}.test.ts',
];

/** Imports of tests from tests, `import()` too. */
const importedBy = (name: string): string[] =>
  [...readFileSync(`${folder}${name}`, 'utf8').matchAll(/(?:from |import\()'(\.[^']+)'/g)].map(([, path]) =>
    posix.join(posix.dirname(name), path!),
  );
