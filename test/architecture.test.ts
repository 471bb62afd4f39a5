/**
 * The shape of the sources, as rules that fail: who imports whom (support/import-rules.ts), how long a file may be, and that nothing
 * that can be listed is without a test.
 *
 * Two groups of files may import each other in a circle: the reader and the evaluator of architecture files, because the language
 * is recursive (an expression holds a function, whose body holds statements, which hold expressions). Imports of types make no
 * circle: they are gone when the program runs.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { StrategyKind } from '../compiler/4-schedule/plan.ts';
import { passList } from '../compiler/6-passes/pass-list.ts';
import { diagnosticCodes } from '../compiler/diagnostics/catalog.ts';
import { layerKinds } from '../compiler/layers/registry.ts';
import { fileCalls } from './support/file-calls.ts';
import { whyForbidden } from './support/import-rules.ts';
import { importCycles, importsOf, type SourceImport, sourceFiles, sourceText } from './support/source-imports.ts';

const recursive = ['compiler/1-frontend/syntax/', 'compiler/1-frontend/evaluate/'];

const files = ['compiler', 'runtime'].flatMap(sourceFiles);
const imports = files.flatMap(file => importsOf(file));
const tests = sourceFiles('test').filter(file => file.endsWith('.test.ts') && file !== 'test/architecture.test.ts');
const textOfTests = tests.map(sourceText).join('\n');
const here = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** One of each, so that tsc asks for a row when a strategy is added. */
const strategies: Readonly<Record<StrategyKind, true>> = {
  closedForm: true,
  backward: true,
  patches: true,
  sparse: true,
  interval: true,
  sketch: true,
  perLayerSketch: true,
  probable: true,
};

describe('imports', () => {
  it('go where the rules let them', () => {
    const broken = imports.flatMap(line => {
      const why = whyForbidden(line);
      return why === null ? [] : [`${line.from} imports ${line.to}: ${why}`];
    });
    expect(broken).toEqual([]);
  });

  it('lead to files that exist', () => {
    const missing = imports.filter(({ to, isRelative }) => isRelative && !existsSync(here(to)));
    expect(missing).toEqual([]);
  });

  it('make no circle but those of the recursive language', () => {
    const circles = importCycles(imports.filter(({ isType }) => !isType));
    const strange = circles.filter(group => !recursive.some(folder => group.every(file => file.startsWith(folder))));
    expect(strange).toEqual([]);
  });
});

describe('the rules of imports', () => {
  const verdict = (from: string, to: string, isType = false): string | null =>
    whyForbidden({ from, to, isRelative: /^(compiler|runtime)\//.test(to), isType });

  it('forbid what they should, and no more', () => {
    const dual = 'compiler/3-dual/build-dual.ts';
    expect(verdict(dual, 'compiler/4-schedule/plan.ts', true)).toContain('later');
    expect(verdict(dual, 'compiler/2-graph/resolve-layer.ts')).toContain('not its functions');
    expect(verdict(dual, 'compiler/2-graph/layer.ts', true)).toBeNull();
    expect(verdict(dual, 'compiler/options.ts', true)).toContain('by whom');
    expect(verdict(dual, 'compiler/layers/registry.ts')).toBeNull();
    expect(verdict('compiler/layers/relu.ts', 'compiler/2-graph/layer.ts', true)).toBeNull();
    expect(verdict('compiler/layers/relu.ts', 'compiler/2-graph/build-graph.ts')).toContain('a layer knows');
    expect(verdict('compiler/layers/relu.ts', dual, true)).toContain('a layer knows');
    expect(verdict('compiler/6-passes/cse.ts', 'compiler/5-program/builder.ts')).toBeNull();
    expect(verdict('compiler/6-passes/cse.ts', 'compiler/5-program/lower/backward.ts')).toContain('not its functions');
    expect(verdict('runtime/train/train.ts', 'compiler/version.ts', true)).toContain('alone');
    expect(verdict('compiler/compile.ts', 'runtime/errors.ts')).toContain('command line');
    expect(verdict('compiler/compile.ts', 'runtime/contract.ts', true)).toBeNull();
    expect(verdict('compiler/cli/train.ts', 'runtime/errors.ts')).toBeNull();
    expect(verdict('compiler/shared/ids.ts', 'compiler/2-graph/layer.ts', true)).toContain('share');
    expect(verdict('compiler/diagnostics/render.ts', 'compiler/1-frontend/value.ts', true)).toContain('no stage');
    expect(verdict('compiler/cli/main.ts', 'ts-morph')).toContain('ts-morph');
    expect(verdict('compiler/1-frontend/open-file.ts', 'runtime/files/read-file.ts')).toBeNull();
    expect(verdict('compiler/1-frontend/open-file.ts', 'runtime/files/write-file.ts')).toContain('command line');
    expect(verdict('compiler/1-frontend/modules.ts', 'runtime/files/read-file.ts')).toContain('command line');
  });

  it('see every kind of import', () => {
    const text = `
      import value from './value.ts';
      import './effect.ts';
      import type { A } from './a.ts';
      import { type B, type C } from './b.ts';
      import { type D, d } from './d.ts';
      export { e } from './e.ts';
      export type { F } from './f.ts';
      export * from './g.ts';
      const later = await import('../later.ts');
      type H = import('./h.ts').H;
      // import nothing from './comment.ts';
    `;
    const found = importsOf('compiler/x/file.ts', text).map(({ to, isType }) => `${to} ${isType ? 'type' : 'value'}`);
    expect(found).toEqual([
      'compiler/x/value.ts value',
      'compiler/x/effect.ts value',
      'compiler/x/a.ts type',
      'compiler/x/b.ts type',
      'compiler/x/d.ts value',
      'compiler/x/e.ts value',
      'compiler/x/f.ts type',
      'compiler/x/g.ts value',
      'compiler/later.ts value',
      'compiler/x/h.ts type',
    ]);
  });

  it('find circles', () => {
    const line = (from: string, to: string): SourceImport => ({ from, to, isRelative: true, isType: false });
    expect(importCycles([line('a', 'b'), line('b', 'c'), line('a', 'c')])).toEqual([]);
    expect(importCycles([line('a', 'b'), line('b', 'c'), line('c', 'b')])).toEqual([['b', 'c']]);
  });
});

describe('files', () => {
  /** They read what belongs to the installation or the system, never a file that a user names. */
  const exceptions = [
    'compiler/7-emit/render-module.ts',
    'runtime/backend/core-copies.ts',
    'runtime/checkpoint/lock-owner.ts',
  ];

  it('are read and written by runtime/files alone', () => {
    const others = files.filter(file => !file.startsWith('runtime/files/') && !exceptions.includes(file));
    const found = others.flatMap(file => fileCalls(file).map(name => `${file} uses ${name}`));
    expect(found).toEqual([]);
    expect(exceptions.filter(file => fileCalls(file).length === 0)).toEqual([]);
  });

  it('are recognised however a source gets at them', () => {
    const calls = (text: string): string[] => fileCalls('compiler/x.ts', text);
    expect(calls("import { existsSync, readdir, type Stats } from 'node:fs';")).toEqual([]);
    expect(calls("import { readFileSync as read, statSync } from 'node:fs';")).toEqual(['readFileSync']);
    expect(calls("import { open, writeFile } from 'node:fs/promises';")).toEqual(['open', 'writeFile']);
    expect(calls("import fs from 'fs';")).toEqual(['fs']);
    expect(calls("import * as fs from 'node:fs';")).toEqual(['node:fs']);
    expect(calls("export { readFile } from 'fs/promises';")).toEqual(['fs/promises']);
    expect(calls("const { readFile } = await import('node:fs/promises');")).toEqual(['node:fs/promises']);
    expect(calls("const fs = createRequire(import.meta.url)('node:fs');")).toEqual(['node:fs']);
    expect(calls("const fs = process.getBuiltinModule('fs');")).toEqual(['fs']);
  });
});

describe('sources', () => {
  it('have at most 300 lines each', () => {
    const lines = (file: string): number => sourceText(file).trimEnd().split('\n').length;
    expect(files.filter(file => lines(file) > 300)).toEqual([]);
  });
});

describe('everything that can be listed has a test', () => {
  it('a diagnostic code: a sample that shows it', () => {
    const shown = (code: string): boolean => existsSync(here(`test/samples/error-${code}/expected/diagnostics.txt`));
    expect(diagnosticCodes.filter(code => !shown(code))).toEqual([]);
  });

  it('a pass: a file of its name, and a test that imports it', () => {
    const names = [...passList.map(({ name }) => name), 'gradient'];
    expect(names.filter(name => !files.includes(`compiler/6-passes/${name}.ts`))).toEqual([]);
    const imported = new Set(tests.flatMap(file => importsOf(file).map(({ to }) => to)));
    expect(names.filter(name => !imported.has(`compiler/6-passes/${name}.ts`))).toEqual([]);
  });

  it('a layer kind: a test that calls it', () => {
    expect(layerKinds().filter(kind => !textOfTests.includes(`${kind}(`))).toEqual([]);
  });

  it('a strategy: a test that names it', () => {
    expect(Object.keys(strategies).filter(kind => !textOfTests.includes(kind))).toEqual([]);
  });
});
