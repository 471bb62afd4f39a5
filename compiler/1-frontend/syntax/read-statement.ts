/** Statements: from the parser's tree to `Statement`. Types and empty statements leave nothing behind. */
import { ts } from './open-source.ts';
import { readExpression } from './read-expression.ts';
import { readFunction } from './read-function.ts';
import { readBinding, readTarget } from './read-pattern.ts';
import { type Reading, refuse } from './reading.ts';
import type { Declaration, LoopTarget, Statement, StatementOf } from './syntax.ts';

export function readStatements(reading: Reading, nodes: readonly ts.Statement[]): Statement[] {
  return nodes.flatMap(node => readStatement(reading, node));
}

export function readStatement(reading: Reading, node: ts.Statement): Statement[] {
  const span = reading.spanOf(node);
  if (ts.isVariableStatement(node)) return isAmbient(node) ? [] : [readDeclarations(reading, node.declarationList)];
  if (ts.isFunctionDeclaration(node)) return readFunctionDeclaration(reading, node);
  if (ts.isExpressionStatement(node))
    return [{ kind: 'evaluate', value: readExpression(reading, node.expression), span }];
  if (ts.isReturnStatement(node)) {
    return [{ kind: 'return', value: node.expression ? readExpression(reading, node.expression) : null, span }];
  }
  if (ts.isIfStatement(node)) {
    const whenFalse = node.elseStatement ? readBlock(reading, node.elseStatement) : null;
    return [
      {
        kind: 'if',
        test: readExpression(reading, node.expression),
        whenTrue: readBlock(reading, node.thenStatement),
        whenFalse,
        span,
      },
    ];
  }
  if (ts.isForOfStatement(node)) return [readForOf(reading, node)];
  if (ts.isForStatement(node)) return [readFor(reading, node)];
  if (ts.isBlock(node)) return [{ kind: 'block', statements: readStatements(reading, node.statements), span }];
  if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) {
    if (node.label) refuse(reading, node.label, 'a label', 'use a function and return from it');
    return [{ kind: ts.isBreakStatement(node) ? 'break' : 'continue', span }];
  }
  if (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isEmptyStatement(node)) return [];
  return readOther(reading, node);
}

function isAmbient(node: ts.VariableStatement): boolean {
  return node.modifiers?.some(modifier => modifier.kind === ts.SyntaxKind.DeclareKeyword) ?? false;
}

/** The body of a loop or branch, always as one statement. */
function readBlock(reading: Reading, node: ts.Statement): Statement {
  const statements = ts.isBlock(node) ? readStatements(reading, node.statements) : readStatement(reading, node);
  return { kind: 'block', statements, span: reading.spanOf(node) };
}

function readDeclarations(reading: Reading, list: ts.VariableDeclarationList): StatementOf<'declare'> {
  const kind = declarationKind(reading, list);
  const declarations = list.declarations.map(
    (declaration): Declaration => ({
      target: readBinding(reading, declaration.name),
      value: declaration.initializer ? readExpression(reading, declaration.initializer) : null,
    }),
  );
  return { kind: 'declare', constant: kind === 'const', declarations, span: reading.spanOf(list) };
}

function declarationKind(reading: Reading, list: ts.VariableDeclarationList): 'const' | 'let' {
  const using = ts.NodeFlags.Using & ~ts.NodeFlags.Const & ~ts.NodeFlags.Let;
  if (list.flags & using) refuse(reading, list, '`using`', 'write const');
  else if (list.flags & ts.NodeFlags.Const) return 'const';
  else if (!(list.flags & ts.NodeFlags.Let)) refuse(reading, list, '`var`', 'write const or let');
  return 'let';
}

function readFunctionDeclaration(reading: Reading, node: ts.FunctionDeclaration): Statement[] {
  // An overload or an ambient declaration has no body and no meaning at run time.
  if (node.body === undefined || node.name === undefined) return [];
  const nameSpan = reading.spanOf(node.name);
  return [
    {
      kind: 'declareFunction',
      name: node.name.text,
      nameSpan,
      function: readFunction(reading, node),
      span: reading.spanOf(node),
    },
  ];
}

function readForOf(reading: Reading, node: ts.ForOfStatement): Statement {
  if (node.awaitModifier) refuse(reading, node.awaitModifier, '`for await`', 'remove `await`');
  const items = readExpression(reading, node.expression);
  return {
    kind: 'forOf',
    target: readLoopTarget(reading, node.initializer),
    items,
    body: readBlock(reading, node.statement),
    span: reading.spanOf(node),
  };
}

function readLoopTarget(reading: Reading, node: ts.ForInitializer): LoopTarget {
  if (!ts.isVariableDeclarationList(node)) return { declares: null, pattern: readTarget(reading, node) };
  const name = node.declarations[0]?.name;
  const pattern = name ? readBinding(reading, name) : { kind: 'unsupported' as const, span: reading.spanOf(node) };
  return { declares: declarationKind(reading, node), pattern };
}

function readFor(reading: Reading, node: ts.ForStatement): Statement {
  const optional = (part: ts.Expression | undefined) => (part ? readExpression(reading, part) : null);
  return {
    kind: 'for',
    start: node.initializer ? readForStart(reading, node.initializer) : null,
    test: optional(node.condition),
    update: optional(node.incrementor),
    body: readBlock(reading, node.statement),
    span: reading.spanOf(node),
  };
}

function readForStart(reading: Reading, node: ts.ForInitializer): Statement {
  if (ts.isVariableDeclarationList(node)) return readDeclarations(reading, node);
  return { kind: 'evaluate', value: readExpression(reading, node), span: reading.spanOf(node) };
}

/** Everything outside the subset, by name; what is inside is still read, so that its own problems are found too. */
function readOther(reading: Reading, node: ts.Statement): Statement[] {
  const span = reading.spanOf(node);
  const skip = (construct: string, instead: string, parts: readonly ts.Statement[] = []): Statement[] => {
    refuse(reading, node, construct, instead);
    return [{ kind: 'skipped', parts: readStatements(reading, parts), span }];
  };
  if (ts.isWhileStatement(node)) return skip('`while`', 'use a counted `for` or `for…of`', [node.statement]);
  if (ts.isDoStatement(node)) return skip('`do … while`', 'use a counted `for` or `for…of`', [node.statement]);
  if (ts.isForInStatement(node)) return skip('`for … in`', 'use `for…of` over a list', [node.statement]);
  if (ts.isSwitchStatement(node))
    return skip(
      '`switch`',
      'use if or an object of functions',
      node.caseBlock.clauses.flatMap(clause => clause.statements),
    );
  if (ts.isTryStatement(node)) return skip('`try`', 'nothing throws here: remove it', [node.tryBlock]);
  if (ts.isThrowStatement(node)) return skip('`throw`', 'use `if` so that only valid networks are built');
  if (ts.isLabeledStatement(node)) return skip('a label', 'use a function and return from it', [node.statement]);
  if (ts.isDebuggerStatement(node)) return skip('`debugger`', 'the file is never run');
  if (ts.isClassDeclaration(node) || ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) {
    const construct = ts.isClassDeclaration(node) ? 'a class' : ts.isEnumDeclaration(node) ? 'an enum' : 'a namespace';
    refuse(reading, node, construct, 'use plain objects and functions');
    if (!node.name || !ts.isIdentifier(node.name)) return [];
    return [{ kind: 'declareUnknown', name: node.name.text, nameSpan: reading.spanOf(node.name), span }];
  }
  return skip('this statement', '');
}
