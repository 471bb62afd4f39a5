import { describe, expect, it } from 'vitest';
import { codesOf, readTexts } from '../../support/read-network.ts';

const end = `const x = input([4]);
export default network({ input: x, output: dense(x, { units: size }), ball: linf({ epsilon: 0.1 }) });
`;
const words = "import { dense, input, linf, network } from 'dualc';\n";

function unitsWith(imports: string, files: Readonly<Record<string, string>>): number | string[] {
  const read = readTexts({ 'main.arch.ts': `${words}${imports}\n${end}`, ...files });
  const output = read.graph?.layers.at(-1);
  return output?.kind === 'dense' ? output.units : codesOf(read);
}

describe('imports', () => {
  it.each([
    ["import { size } from './a.arch.ts';", { 'a.arch.ts': 'export const size = 3;' }],
    ["import { size } from './a';", { 'a.arch.ts': 'export const size = 3;' }],
    ["import { size } from './a';", { 'a.ts': 'export const size = 3;' }],
    ["import { size } from './a.arch';", { 'a.arch.ts': 'export const size = 3;' }],
    ["import { size } from './a.arch.js';", { 'a.arch.ts': 'export const size = 3;' }],
    ["import { size } from './sub/../a.arch.ts';", { 'a.arch.ts': 'export const size = 3;' }],
    ["import size from './a.arch.ts';", { 'a.arch.ts': 'export default 3;' }],
    ["import { default as size } from './a.arch.ts';", { 'a.arch.ts': 'const n = 3; export { n as default };' }],
    ["import { n as size } from './a.arch.ts';", { 'a.arch.ts': 'let n = 2; export { n }; n = 3;' }],
    ["import * as a from './a.arch.ts'; const { size } = { size: a.size };", { 'a.arch.ts': 'export const size = 3;' }],
    [
      "import make from './a.arch.ts'; const size = make();",
      { 'a.arch.ts': 'export default function () { return 3; }' },
    ],
    [
      "import make from './a.arch.ts'; const size = make();",
      { 'a.arch.ts': 'export default function make() { return 3; }' },
    ],
    [
      "import { size } from './a.arch.ts';",
      { 'a.arch.ts': "export { size } from './b.arch.ts';", 'b.arch.ts': 'export const size = 3;' },
    ],
    [
      "import { size } from './a.arch.ts';",
      { 'a.arch.ts': "export * from './b.arch.ts';", 'b.arch.ts': 'export const size = 3;' },
    ],
    [
      "import { b } from './a.arch.ts'; const size = b.size;",
      { 'a.arch.ts': "export * as b from './b.arch.ts';", 'b.arch.ts': 'export const size = 3;' },
    ],
    ["import { size } from './a.arch.ts';", { 'a.arch.ts': 'export const [{ size }] = [{ size: 3 }];' }],
    [
      "import { type A, size } from './a.arch.ts';",
      { 'a.arch.ts': 'export type A = number; export const size: A = 3;' },
    ],
    ["import type { A } from './nowhere'; const size: A = 3;", {}],
    ["import { type A } from 'some-package'; const size: A = 3;", {}],
  ])('%s', (imports, files) => {
    expect(unitsWith(imports, files as Record<string, string>)).toBe(3);
  });

  it('evaluate a file once, however often it is imported', () => {
    const files = {
      'a.arch.ts': "import { list } from './c.arch.ts'; list.push(1);",
      'b.arch.ts': "import { list } from './c.arch.ts'; list.push(1);",
      'c.arch.ts': 'export const list: number[] = [0];',
    };
    const imports =
      "import './a.arch.ts'; import './b.arch.ts'; import { list } from './c.arch.ts'; const size = list.length;";
    expect(unitsWith(imports, files)).toBe(3);
  });

  it.each([
    [
      "import { size } from './a.arch.ts';",
      { 'a.arch.ts': "import { size } from './a.arch.ts';\nexport { size };" },
      ['import-cycle'],
    ],
    ["import { size } from './a.arch.ts';", { 'a.arch.ts': 'export const size = ;' }, ['syntax-error']],
    ["import { size } from './a.arch.ts';", { 'a.arch.ts': 'const size = 3;' }, ['missing-export']],
    ["import size from './a.arch.ts';", { 'a.arch.ts': 'export const size = 3;' }, ['missing-export']],
    ["import size from 'dualc';", {}, ['unknown-layer']],
    ["import * as d from 'dualc'; const size = d.pool;", {}, ['unknown-layer']],
    ["import { size } from '/a.arch.ts';", {}, ['import-not-static']],
    ["import data from './a.json'; const size = data;", {}, ['import-not-found']],
    ["import { size } from './a.arch.ts'; size = 4;", { 'a.arch.ts': 'export let size = 3;' }, ['assign-to-constant']],
    [
      "import { size } from './a.arch.ts'; const size = 4;",
      { 'a.arch.ts': 'export let size = 3;' },
      ['already-declared'],
    ],
    ["import fs = require('fs'); const size = 2;", {}, ['unsupported-construct']],
  ])('%s is reported', (imports, files, codes) => {
    expect(unitsWith(imports, files as Record<string, string>)).toEqual(codes);
  });

  it('report a file of the chain at its own place, and go on with the rest', () => {
    const read = readTexts({
      'main.arch.ts': `${words}import { size } from './a.arch.ts';\nimport { other } from './b.arch.ts';\n${end}`,
      'a.arch.ts': 'export const size = nowhere;',
      'b.arch.ts': 'export const other = elsewhere;',
    });
    expect(read.diagnostics.map(({ place }) => place?.span.file)).toEqual(['a.arch.ts', 'b.arch.ts']);
  });
});
