/** Files whose names are made to run code, to end a line or to move the cursor: nothing of them runs, and what is shown is one printable line. */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from '../../support/command-line.ts';
import { hostileFileName, payload } from '../../support/hostile-text.ts';

/** In a comment `// block_dense (NAME:2)` the second line of the name would be a statement, the third would end it. */
const exploit = `x\n${payload}; (0 ? {}\n`;

const block = `import { dense, relu } from 'dualc';
export const block = (x, units) => relu(dense(x, { units }));
`;
const architecture = (specifier: string): string => `import { dense, input, linf, network } from 'dualc';
import { block } from ${JSON.stringify(specifier)};
const x = input([4]);
const logits = dense(block(x, 5), { units: 3 });
export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
`;

let place: Workplace;
beforeEach(() => {
  place = makeWorkplace();
});
afterEach(() => place.remove());

function write(imported: string, main: string): void {
  place.write(`${imported}.arch.ts`, block);
  place.write(`${main}.arch.ts`, architecture(`./${imported}.arch.ts`));
}

const statements = (text: string): string[] =>
  ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest).statements.map(({ kind }) => ts.SyntaxKind[kind]);

const unprintable = /[^\n\t\P{Cc}]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const built = (file: string): string => JSON.stringify(new URL(`../../../dist/${file}`, import.meta.url).href);

describe('a file name that holds code', () => {
  it('runs in no module, of an imported file or of the architecture', () => {
    const names = [exploit, ...fc.sample(hostileFileName, { numRuns: 12, seed: 2 })];
    for (const name of names) write(`a${name}`, `b${name}`);
    place.write(
      'load-all.mjs',
      `import { loadModel } from ${built('compiler/cli/load-model.js')};
       import { selectBackend } from ${built('runtime/node.js')};
       import * as tf from ${built('runtime/tensors.js')};
       await selectBackend({ prefer: 'cpu' });
       const [x, labels] = [tf.zeros([1, 4]), tf.tensor1d([0], 'int32')];
       const sources = [];
       for (const name of ${JSON.stringify(names)}) {
         const model = await loadModel('b' + name + '.arch.ts');
         const params = Object.fromEntries(model.meta.parameters.map(({ name, shape }) => [name, tf.ones(shape)]));
         model.forward(params, x);
         model.inputGradient(params, x, labels);
         sources.push(model.meta.source);
       }
       console.log(JSON.stringify({ sources, ran: 'dualcWasRun' in globalThis }));`,
    );
    const options = { cwd: place.folder, encoding: 'utf8', stdio: 'pipe' } as const;
    const said = execFileSync(process.execPath, ['load-all.mjs'], options).trim().split('\n').at(-1)!;
    expect(JSON.parse(said)).toEqual({ sources: names.map(name => `b${name}.arch.ts`), ran: false });
  });

  it('makes no statement of the module, no line of a dump and nothing but text on the terminal', async () => {
    write('plain', 'main');
    expect((await place.dualc(['compile', 'main.arch.ts', '-o', 'main.ts'])).code).toBe(0);
    const wanted = statements(place.read('main.ts'));
    for (const name of [exploit, ...fc.sample(hostileFileName, { numRuns: 4, seed: 3 })]) {
      write(`a${name}`, `b${name}`);
      const { code, err } = await place.dualc(['compile', `b${name}.arch.ts`, '-o', `c${name}.ts`, '--dump', 'out']);
      expect([code, err.match(unprintable)]).toEqual([0, null]);
      expect(statements(place.read(`c${name}.ts`))).toEqual(wanted);
      for (const form of readdirSync(join(place.folder, 'out'))) {
        const text = place.read(`out/${form}`);
        expect([form, text.match(unprintable)]).toEqual([form, null]);
        if (form.endsWith('.txt') && !form.includes('liveness')) expect(text).not.toMatch(/^\s*globalThis/m);
      }
      rmSync(join(place.folder, 'out'), { recursive: true });
    }
  });

  it('is shown by its codes in diagnostics, with the frame in place', async () => {
    place.write('a\u001b[2J\r\u202e.arch.ts', 'export const block = \u001b[31m 1;\n');
    place.write('main.arch.ts', architecture('./a\u001b[2J\r\u202e.arch.ts'));
    const { code, err } = await place.dualc(['compile', 'main.arch.ts']);
    expect(code).toBe(1);
    expect(err).toContain('a\\u{1b}[2J\\u{d}\\u{202e}.arch.ts:1:');
    expect(err).toContain('> 1 | export const block = \ufffd[31m 1;');
    expect(err).not.toMatch(unprintable);
  });

  it('is shown by its codes in errors', async () => {
    const { code, err } = await place.dualc([
      'certify',
      'net\u001b]0;x\u0007.js',
      '--weights',
      'r',
      '--data',
      'two-moons',
    ]);
    expect(code).toBe(1);
    expect(err).toContain('net\\u{1b}]0;x\\u{7}.js');
    expect(err).not.toMatch(unprintable);
    const usage = await place.dualc(['compile', 'net.arch.ts', '--net\u009b2J']);
    expect(usage.code).toBe(2);
    expect(usage.err).toContain('--net\\u{9b}2J');
    expect(usage.err).not.toMatch(unprintable);
  });

  it('is quoted in the command of the header, as a shell needs it', async () => {
    for (const [name, shown] of [
      ['net; rm x', "dualc compile 'net; rm x.arch.ts'"],
      ["it's", "dualc compile 'it'\\''s.arch.ts'"],
      ['$(x)', "dualc compile '$(x).arch.ts'"],
      ['-net', "dualc compile './-net.arch.ts'"],
      ['net', 'dualc compile net.arch.ts'],
    ] as const) {
      write('plain', name);
      expect((await place.dualc(['compile', `./${name}.arch.ts`, '-o', 'out.ts'])).code).toBe(0);
      expect(place.read('out.ts').split('\n')[1]).toContain(`run \`${shown}\`.`);
    }
  });
});
