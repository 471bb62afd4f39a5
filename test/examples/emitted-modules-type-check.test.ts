/** Emitted modules pass the TypeScript compiler under the strictest options that a project of a user may have. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { declarationsOf } from '../../compiler/7-emit/declarations.ts';
import { compileArchitecture } from '../../compiler/compile.ts';
import { exportedNames } from '../../compiler/programs.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noPropertyAccessFromIndexSignature: true,
  allowUnreachableCode: false,
  allowUnusedLabels: false,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  declaration: true,
  emitDeclarationOnly: true,
  erasableSyntaxOnly: true,
  // For the runtime, which the modules are checked against in its sources.
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  types: ['node'],
  paths: {
    'dualc/runtime': [`${root}runtime/index.ts`],
    'dualc/runtime/tensors': [`${root}runtime/tensors.ts`],
  },
};

/** Files on disk, parsed once for all programs. */
const parsed = new Map<string, ts.SourceFile>();

/** What TypeScript says of the given files; `texts` stand in for files that are not on disk. */
function complaints(files: readonly string[], texts: ReadonlyMap<string, string> = new Map()): string[] {
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = file => texts.has(file) || fileExists(file);
  host.readFile = file => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) => {
    const text = texts.get(file);
    if (text !== undefined) return ts.createSourceFile(file, text, language, true);
    const known = parsed.get(file) ?? getSourceFile(file, language, ...rest);
    if (known !== undefined) parsed.set(file, known);
    return known;
  };
  const program = ts.createProgram(files, options, host);
  const wanted = program.getSourceFiles().filter(({ fileName }) => files.includes(fileName));
  expect(wanted).toHaveLength(files.length);
  const found = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...wanted.flatMap(file => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
      ...(file.isDeclarationFile ? [] : program.getDeclarationDiagnostics(file)),
    ]),
  ];
  return found.map(({ file, start, messageText }) => {
    const line =
      file === undefined
        ? ''
        : `${file.fileName.slice(root.length)}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1} `;
    return `${line}${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

describe('emitted modules', () => {
  const modules = readdirSync(`${root}examples`).filter(name => name.endsWith('.dual.ts'));

  it('of the examples raise no complaint', () => {
    expect(modules.length).toBeGreaterThan(4);
    expect(complaints(modules.map(name => `${root}examples/${name}`))).toEqual([]);
  });

  it('are really checked: a module with a mistake is refused', () => {
    const { code } = compileArchitecture(`${root}examples/two-moons.arch.ts`);
    const file = `${root}examples/mistaken.dual.ts`;
    const mistaken = code.replace('export function forward(', 'const unused = 1;\nexport function forward(');
    expect(mistaken).not.toBe(code);
    expect(complaints([file], new Map([[file, mistaken]]))).toEqual([
      expect.stringMatching(/mistaken\.dual\.ts:\d+ 'unused' is declared but its value is never read\./),
    ]);
  });

  it('in JavaScript have declarations that a strict project can use', () => {
    const { meta } = compileArchitecture(`${root}examples/two-moons.arch.ts`, { language: 'js' });
    const declarations = `${root}examples/moons.d.ts`;
    const user = `${root}examples/user.ts`;
    const texts = new Map([
      [declarations, declarationsOf(meta, exportedNames)],
      [
        user,
        `import model, { margins, meta } from './moons.js';
import type { RobustModel } from 'dualc/runtime';
export const same: RobustModel = model;
export const prove: RobustModel['margins'] = margins;
export const classes: number = meta.classes;
`,
      ],
    ]);
    expect(complaints([declarations, user], texts)).toEqual([]);
  });
});
