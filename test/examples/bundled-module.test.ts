/** What a bundler makes of an emitted module for a page: all of it is found, nothing of Node is in it, and little that is not used. */
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallArchitecture } from '../support/command-line.ts';
import { makeUserProject, type UserProject } from '../support/user-project.ts';

let project: UserProject;
beforeEach(() => {
  project = makeUserProject(['@tensorflow/tfjs-backend-cpu']);
  project.write('net.arch.ts', smallArchitecture);
});
afterEach(() => project.remove());

async function bundle(text: string, platform: 'browser' | 'node' = 'browser'): Promise<string> {
  const { outputFiles, warnings } = await build({
    stdin: { contents: text, resolveDir: project.folder },
    absWorkingDir: project.folder,
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    write: false,
    logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
  return outputFiles[0]!.text;
}

/** Proves something about two images, by the backend that needs no files. */
const program = (module: string): string => `
  import '@tensorflow/tfjs-backend-cpu';
  import * as tf from 'dualc/runtime/tensors';
  import { margins, meta } from '${module}';
  await tf.setBackend('cpu');
  const params = Object.fromEntries(meta.parameters.map(({ name, shape }) => [name, tf.ones(shape)]));
  const x = tf.zeros([2, ...meta.inputShape]);
  console.log(margins(params, x, tf.tensor1d([0, 1], 'int32'), 0.1).shape.join(' x '));
`;

describe.each([
  ['ts', './net.dual.ts', []],
  ['js', './net.dual.js', ['--emit', 'js']],
] as const)('a bundle of a module in %s', (_language, module, flags) => {
  it('holds nothing of Node, computes, and leaves out what the module does not call', async () => {
    project.dualc(['compile', 'net.arch.ts', ...flags]);
    const text = await bundle(program(module));
    expect(text).not.toMatch(/["']node:/);
    project.write('bundle.mjs', text);
    // As in a page, by what TensorFlow.js looks at.
    project.write(
      'page.mjs',
      "globalThis.process = undefined; globalThis.window = { document: {} }; import('./bundle.mjs');",
    );
    expect(project.node('page.mjs').split('\n').at(-1)).toBe('2 x 3');

    const whole = await bundle(
      `import * as tf from 'dualc/runtime/tensors'; import * as runtime from 'dualc/runtime'; globalThis.all = { ...tf, ...runtime };`,
    );
    const needed = await bundle(`import { margins } from '${module}'; globalThis.margins = margins;`);
    expect(needed.length).toBeGreaterThan(20_000);
    expect(needed.length).toBeLessThan(whole.length / 2);
  });
});
