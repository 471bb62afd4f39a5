/** A whole file: its imports, its exports, its statements. */
import { diagnose } from '../../diagnostics/catalog.ts';
import type { Reporter } from '../../diagnostics/reporter.ts';
import { openSource, ts } from './open-source.ts';
import { readExpression } from './read-expression.ts';
import { readFunction } from './read-function.ts';
import { readStatement } from './read-statement.ts';
import { type Reading, refuse } from './reading.ts';
import type { ExportedName, ImportedName, ModuleLink, ModuleSyntax, Pattern, Statement } from './syntax.ts';

/**
 * @param file the name shown in diagnostics
 * @returns undefined after syntax errors; what a file means cannot be told before they are gone
 */
export function readModule(file: string, text: string, reporter: Reporter): ModuleSyntax | undefined {
  try {
    const source = openSource(file, text);
    for (const { message, span } of source.problems) reporter.report(diagnose('syntax-error', { message }, span));
    if (source.problems.length > 0) return undefined;
    return readTree({ reporter, spanOf: source.spanOf }, source.tree);
  } catch (error) {
    // The parser and these readers recurse into nested code; there is no limit that suits every stack size.
    if (!(error instanceof RangeError)) throw error;
    const start = { line: 1, column: 1 };
    reporter.report(diagnose('nested-too-deeply', { what: 'the file' }, { file, start, end: start }));
    return undefined;
  }
}

function readTree(reading: Reading, tree: ts.SourceFile): ModuleSyntax {
  const imports: ModuleLink[] = [];
  const reexports: ModuleLink[] = [];
  const statements: Statement[] = [];
  for (const node of tree.statements) {
    if (ts.isImportDeclaration(node)) imports.push(...readImport(reading, node));
    else if (ts.isExportDeclaration(node)) readExport(reading, node, reexports, statements);
    else if (ts.isExportAssignment(node)) statements.push(...readExportAssignment(reading, node));
    else if (ts.isImportEqualsDeclaration(node)) refuse(reading, node, '`import … = …`', 'write `import { … } from …`');
    else statements.push(...readTopLevel(reading, node));
  }
  return { span: reading.spanOf(tree), imports, reexports, statements };
}

function readImport(reading: Reading, node: ts.ImportDeclaration): ModuleLink[] {
  const clause = node.importClause;
  if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const names: ImportedName[] = [];
  if (clause?.name) names.push({ imported: 'default', local: clause.name.text, span: reading.spanOf(clause.name) });
  const bindings = clause?.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) {
    names.push({ imported: '*', local: bindings.name.text, span: reading.spanOf(bindings.name) });
  } else if (bindings) {
    for (const element of bindings.elements) {
      if (element.isTypeOnly) continue;
      const span = reading.spanOf(element.propertyName ?? element.name);
      names.push({ imported: (element.propertyName ?? element.name).text, local: element.name.text, span });
    }
    // `import { type Layer } from '…'` imports nothing at run time.
    if (names.length === 0 && bindings.elements.length > 0) return [];
  }
  return [{ ...readSpecifier(reading, node.moduleSpecifier), names }];
}

function readSpecifier(reading: Reading, node: ts.Expression): Pick<ModuleLink, 'specifier' | 'specifierSpan'> {
  return { specifier: ts.isStringLiteralLike(node) ? node.text : node.getText(), specifierSpan: reading.spanOf(node) };
}

function readExport(
  reading: Reading,
  node: ts.ExportDeclaration,
  reexports: ModuleLink[],
  statements: Statement[],
): void {
  if (node.isTypeOnly) return;
  const clause = node.exportClause;
  const names: ExportedName[] = [];
  if (clause && ts.isNamedExports(clause)) {
    for (const element of clause.elements) {
      if (element.isTypeOnly) continue;
      const local = element.propertyName ?? element.name;
      names.push({ local: local.text, exported: element.name.text, span: reading.spanOf(local) });
    }
    if (names.length === 0 && clause.elements.length > 0) return;
  } else if (clause) {
    names.push({ local: '*', exported: clause.name.text, span: reading.spanOf(clause.name) });
  } else {
    names.push({ local: '*', exported: '*', span: reading.spanOf(node) });
  }
  if (node.moduleSpecifier === undefined) {
    statements.push({ kind: 'exportNames', names, span: reading.spanOf(node) });
    return;
  }
  const links = names.map(({ local, exported, span }) => ({ imported: local, local: exported, span }));
  reexports.push({ ...readSpecifier(reading, node.moduleSpecifier), names: links });
}

function readExportAssignment(reading: Reading, node: ts.ExportAssignment): Statement[] {
  const span = reading.spanOf(node);
  if (node.isExportEquals) {
    refuse(reading, node, '`export = …`', 'write `export default …`');
    return [];
  }
  return [{ kind: 'exportDefault', value: readExpression(reading, node.expression), span }];
}

/** A statement of the module, with an `exportNames` after it when it is exported. */
function readTopLevel(reading: Reading, node: ts.Statement): Statement[] {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  const has = (kind: ts.SyntaxKind): boolean => modifiers.some(modifier => modifier.kind === kind);
  if (!has(ts.SyntaxKind.ExportKeyword)) return readStatement(reading, node);
  const span = reading.spanOf(node);
  if (has(ts.SyntaxKind.DefaultKeyword) && ts.isFunctionDeclaration(node)) {
    if (node.name === undefined) return [{ kind: 'exportDefault', value: readFunction(reading, node), span }];
    const local = { local: node.name.text, exported: 'default', span: reading.spanOf(node.name) };
    return [...readStatement(reading, node), { kind: 'exportNames', names: [local], span }];
  }
  const statements = readStatement(reading, node);
  const names = statements.flatMap(declaredNames);
  return [...statements, { kind: 'exportNames', names, span }];
}

function declaredNames(statement: Statement): ExportedName[] {
  if (statement.kind === 'declareFunction' || statement.kind === 'declareUnknown') {
    return [{ local: statement.name, exported: statement.name, span: statement.nameSpan }];
  }
  if (statement.kind !== 'declare') return [];
  return statement.declarations
    .flatMap(({ target }) => namesIn(target))
    .map(({ name, span }) => ({ local: name, exported: name, span }));
}

/** Every name that a pattern binds. */
export function namesIn(pattern: Pattern): { name: string; span: Pattern['span'] }[] {
  switch (pattern.kind) {
    case 'name':
      return [{ name: pattern.name, span: pattern.span }];
    case 'list': {
      const elements = pattern.elements.flatMap(element => (element === null ? [] : namesIn(element.target)));
      return pattern.rest === null ? elements : [...elements, ...namesIn(pattern.rest)];
    }
    case 'object': {
      const properties = pattern.properties.flatMap(property => namesIn(property.target));
      return pattern.rest === null ? properties : [...properties, ...namesIn(pattern.rest)];
    }
    case 'place':
    case 'unsupported':
      return [];
  }
}
