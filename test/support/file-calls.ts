/** Which functions of Node that read or write files a source gets hold of. */
import ts from 'typescript';
import { sourceText } from './source-imports.ts';

const modules = /^(node:)?fs(\/promises)?$/;

/** They look at names and folders, not into files. */
const harmless = [
  'existsSync',
  'fstatSync',
  'mkdir',
  'mkdirSync',
  'readdir',
  'realpath',
  'renameSync',
  'rm',
  'rmdir',
  'rmSync',
  'stat',
  'statSync',
  'utimes',
  'constants',
  'watch',
];

/** By the name they have in `node:fs`; the module itself where a source takes the whole of it. */
export function fileCalls(file: string, text: string = sourceText(file)): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && isFs(node.moduleSpecifier)) return void found.push(...taken(node));
    if (ts.isStringLiteral(node) && modules.test(node.text)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return found;
}

const isFs = (specifier: ts.Expression): boolean => ts.isStringLiteral(specifier) && modules.test(specifier.text);

function taken({ importClause, moduleSpecifier }: ts.ImportDeclaration): string[] {
  const whole = (moduleSpecifier as ts.StringLiteral).text;
  if (importClause === undefined || importClause.name !== undefined) return [whole];
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const bindings = importClause.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return [whole];
  return bindings.elements
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ name, propertyName }) => (propertyName ?? name).text)
    .filter(name => !harmless.includes(name));
}
