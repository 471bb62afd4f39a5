/** The program of the README, as one pastes it: in a project that reaches dualc and none of the packages dualc needs. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileArchitecture } from '../../compiler/compile.ts';
import { saveWeights } from '../../runtime/weights/save-weights.ts';
import { makeUserProject, type UserProject } from '../support/user-project.ts';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');
const section = /^## From a program\n(.*?)^## /ms.exec(readme)![1]!;
const commands = [...section.matchAll(/^ {4}npx (dualc .*)$/gm)].map(match => match[1]!.split(' ').slice(1));
const program = /^```js\n(.*?)^```$/ms.exec(section)![1]!;

let project: UserProject;
beforeEach(() => {
  project = makeUserProject();
});
afterEach(() => project.remove());

describe('the program of the README', () => {
  it('certifies digits', async () => {
    const architecture = 'examples/mnist-small.arch.ts';
    project.write(architecture, readFileSync(new URL(architecture, root), 'utf8'));
    const { meta } = compileArchitecture(join(project.folder, architecture));
    const values = (count: number): Float32Array => Float32Array.from({ length: count }, (_, at) => Math.sin(at) / 9);
    const weights = meta.parameters.map(({ name, shape }) => {
      return [name, { shape, data: values(shape.reduce((size, dim) => size * dim, 1)) }] as const;
    });
    const file = join(project.folder, 'runs/digits/weights.safetensors');
    mkdirSync(dirname(file), { recursive: true });
    await saveWeights(file, Object.fromEntries(weights), meta, 'tfjs');

    expect(commands).toHaveLength(1);
    for (const command of commands) project.dualc(command);
    project.write('prove.mjs', program);
    expect(project.node('prove.mjs')).toMatch(/^not certified: \d+ of 100$/);
  });

  it('needs no package but dualc', () => {
    project.write('core.mjs', "import '@tensorflow/tfjs-core';");
    const run = () => execFileSync(process.execPath, ['core.mjs'], { cwd: project.folder, stdio: 'pipe' });
    expect(run).toThrow('ERR_MODULE_NOT_FOUND');
  });
});
