/**
 * Very deep networks compile, on the usual stack and in a heap of modest size, to modules that parse.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeepKind, deepArchitecture, deepKinds } from '../support/deep-networks.ts';

const main = fileURLToPath(new URL('../../compiler/cli/main.ts', import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dualc-deep-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `dualc compile` in a heap of so many megabytes; gives the text of the module. */
async function compiled(kind: DeepKind, depth: number, heap: number, ...options: readonly string[]): Promise<string> {
  writeFileSync(path.join(folder, 'deep.arch.ts'), deepArchitecture(kind, depth));
  const args = [`--max-old-space-size=${heap}`, '--import', tsx, main, 'compile', 'deep.arch.ts', ...options];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += text;
  });
  const code = await new Promise(resolve => child.on('close', resolve));
  expect({ code, said }).toEqual({ code: 0, said: 'wrote deep.dual.ts\n' });
  return readFileSync(path.join(folder, 'deep.dual.ts'), 'utf8');
}

const parses = async (module: string): Promise<boolean> => (await transform(module, { loader: 'ts' })).code !== '';

describe('a network of a thousand blocks', () => {
  it.each(deepKinds)('compiles with intervals: %s', async kind => {
    expect(await parses(await compiled(kind, 1000, 512, '--bounds', 'interval'))).toBe(true);
  });

  it('trains with sketches as deep, and certifies with intervals', async () => {
    const schedule = 'certify:interval,train:sketch';
    expect(await parses(await compiled('dense and relu', 1500, 1024, '--bounds', schedule))).toBe(true);
  });
});

describe('a network of some hundred blocks', () => {
  // Its module has 25 MB: every bound walks back through all layers before it.
  it('compiles with exact rows', async () => {
    expect(await parses(await compiled('dense and relu', 300, 1024))).toBe(true);
  });
});

describe('a network of nearly as many layers as an architecture may have', () => {
  it('of matrices only compiles on the usual stack', async () => {
    expect(await parses(await compiled('dense', 9000, 2048))).toBe(true);
  });

  it('compiles on the usual stack with intervals', async () => {
    expect(await parses(await compiled('relu', 9000, 2048, '--bounds', 'interval'))).toBe(true);
  });
});
