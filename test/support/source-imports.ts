/** The import lines of the sources, read by the TypeScript parser: who names whom, and whether only as a type. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface SourceImport {
  /** Path from the root of the repository: `compiler/3-dual/dual.ts`. */
  readonly from: string;
  /** The same for a relative import; else the name of the package. */
  readonly to: string;
  readonly isRelative: boolean;
  /** Nothing of it is left when the program runs. */
  readonly isType: boolean;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** TypeScript files under the folder, paths from the root of the repository. */
export const sourceFiles = (folder: string): string[] =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .map(name => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter(name => name.endsWith('.ts'))
    .sort();

export const sourceText = (file: string): string => readFileSync(`${root}${file}`, 'utf8');

/** `import` and `export … from` lines, `import()` calls, and `import('…')` types. */
export function importsOf(file: string, text: string = sourceText(file)): SourceImport[] {
  const found: SourceImport[] = [];
  const add = (specifier: ts.Node | undefined, isType: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const isRelative = specifier.text.startsWith('.');
    const to = isRelative ? posix.join(posix.dirname(file), specifier.text) : specifier.text;
    found.push({ from: file, to, isRelative, isType });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, importsTypesOnly(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, exportsTypesOnly(node));
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return found;
}

function importsTypesOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = importClause;
  return name === undefined && namedBindings !== undefined && areTypes(namedBindings);
}

const exportsTypesOnly = ({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean =>
  isTypeOnly || (exportClause !== undefined && areTypes(exportClause));

const areTypes = (bindings: ts.NamedImportBindings | ts.NamedExportBindings): boolean =>
  (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) &&
  bindings.elements.length > 0 &&
  bindings.elements.every(({ isTypeOnly }) => isTypeOnly);

/** Groups of files that reach each other. A type counts too: it is a sign that two files are one. */
export function importCycles(imports: readonly SourceImport[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to, isRelative } of imports) if (isRelative) targets.set(from, [...(targets.get(from) ?? []), to]);
  const reach = (start: string): Set<string> => {
    const seen = new Set<string>();
    const waiting = [...(targets.get(start) ?? [])];
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      waiting.push(...(targets.get(file) ?? []));
    }
    return seen;
  };
  const reached = new Map([...targets.keys()].map(file => [file, reach(file)]));
  const groups = new Map<string, string[]>();
  for (const [file, own] of reached) {
    if (!own.has(file)) continue;
    const group = [...own].filter(other => reached.get(other)?.has(file)).sort();
    groups.set(group.join(), group);
  }
  return [...groups.values()];
}
