/** `dualc/runtime` runs where there is no Node: nothing that it reaches imports a part of Node, or a package that does. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { importsOf, sourceText } from '../support/source-imports.ts';

/** Packages that run in browsers; browser.long.test.ts tries them there. */
const portablePackages = [
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-core',
  'fastest-levenshtein',
  'jstat',
  'valibot',
];

/** What Node alone defines. */
const nodeGlobals = ['Buffer', 'process', 'require', '__dirname', '__filename'];

/** Files that run when the entry is loaded, and packages they import. Types are gone by then. */
function reachable(entry: string): { files: string[]; packages: string[] } {
  const files = new Set([entry]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const { to, isRelative, isType } of importsOf(file)) {
      if (!isType) (isRelative ? files : packages).add(to);
    }
  }
  return { files: [...files].toSorted(), packages: [...packages].toSorted() };
}

function globalsOf(file: string): string[] {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isName = ts.isIdentifier(node) && nodeGlobals.includes(node.text);
    const isProperty =
      (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
      ts.isPropertyAssignment(node.parent) ||
      ts.isPropertySignature(node.parent);
    if (isName && !isProperty) found.add(`${file}: ${node.text}`);
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile(file, sourceText(file), ts.ScriptTarget.Latest, true);
  ts.forEachChild(source, visit);
  return [...found];
}

describe('dualc/runtime', () => {
  const { files, packages } = reachable('runtime/index.ts');

  it('imports packages that run in a browser, and nothing of Node', () => {
    expect(packages).toEqual(portablePackages);
  });

  it('uses no global of Node', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(files.flatMap(globalsOf)).toEqual([]);
  });
});

it('the scan sees what Node alone has', () => {
  const { packages } = reachable('runtime/node.ts');
  expect(packages).toContain('node:fs/promises');
  expect(globalsOf('runtime/backend/select-backend.ts')).toEqual(['runtime/backend/select-backend.ts: process']);
});
