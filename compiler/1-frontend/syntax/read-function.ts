/** Functions of all spellings: declarations, expressions, arrows, methods of object literals. */
import { ts } from './open-source.ts';
import { readExpression } from './read-expression.ts';
import { readBinding } from './read-pattern.ts';
import { readStatements } from './read-statement.ts';
import { type Reading, refuse } from './reading.ts';
import type { ExpressionOf, FunctionSyntax, Pattern, PatternElement } from './syntax.ts';

type FunctionNode = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration | ts.MethodDeclaration;

export function readFunction(reading: Reading, node: FunctionNode): ExpressionOf<'function'> {
  const span = reading.spanOf(node);
  if (node.modifiers?.some(modifier => modifier.kind === ts.SyntaxKind.AsyncKeyword)) {
    refuse(reading, node.name ?? node, 'an async function', 'remove `async`: nothing here takes time');
  }
  if (!ts.isArrowFunction(node) && node.asteriskToken) {
    refuse(reading, node.name ?? node, 'a generator function', 'return an array');
  }
  const parameters: PatternElement[] = [];
  let rest: Pattern | null = null;
  for (const parameter of node.parameters) {
    if (ts.isIdentifier(parameter.name) && parameter.name.text === 'this') continue;
    const target = readBinding(reading, parameter.name);
    if (parameter.dotDotDotToken) rest = target;
    else
      parameters.push({
        target,
        whenUndefined: parameter.initializer ? readExpression(reading, parameter.initializer) : null,
      });
  }
  const name = node.name && ts.isIdentifier(node.name) ? node.name.text : null;
  return { kind: 'function', name, parameters, rest, body: readBody(reading, node.body), span };
}

function readBody(reading: Reading, body: ts.ConciseBody | undefined): FunctionSyntax['body'] {
  if (body === undefined) return { kind: 'block', statements: [] };
  if (ts.isBlock(body)) return { kind: 'block', statements: readStatements(reading, body.statements) };
  return { kind: 'expression', value: readExpression(reading, body) };
}
