/** Which tests can share a process with others: loading what they import again for each file takes longer than most of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../', import.meta.url));
const folders = ['runtime/', 'compiler/', 'examples/', 'bench/'];

/**
 * What others would notice: a module, a global or the environment that is replaced, a backend that is registered or chosen behind
 * `useBackend`, tensors that are counted; and what needs a process that is its own: other processes, workers.
 */
const leavesTraces =
  /\bvi\.|\bprocess\.|child_process|worker_threads|\bmemory\(\)|numTensors|setBackend|registerBackend|support\/workers/;

/** What others leave behind shows in them. */
const needsNewProcess: ReadonlySet<string> = new Set([
  // No backend was selected before.
  'runtime/border/check-backend.test.ts',
  // Tensors are counted in what it imports.
  'compiler/6-passes/liveness.test.ts',
]);

/** Paths from the root of the repository, sorted. */
export const testsThatShare = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.test.ts') && !entry.name.endsWith('.long.test.ts'))
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter(name => folders.some(each => name.startsWith(each)) && !needsNewProcess.has(name))
    .filter(name => !leavesTraces.test(readFileSync(`${folder}${name}`, 'utf8')))
    .map(name => `test/${name}`)
    .sort();
