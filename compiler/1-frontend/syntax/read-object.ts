/** Object literals and property names. */
import { ts } from './open-source.ts';
import { readExpression } from './read-expression.ts';
import { readFunction } from './read-function.ts';
import { type Reading, refuse } from './reading.ts';
import type { ExpressionOf, ObjectEntry, PropertyKey } from './syntax.ts';

export function readObject(reading: Reading, node: ts.ObjectLiteralExpression): ExpressionOf<'object'> {
  return {
    kind: 'object',
    entries: node.properties.flatMap(property => readEntry(reading, property)),
    span: reading.spanOf(node),
  };
}

function readEntry(reading: Reading, node: ts.ObjectLiteralElementLike): ObjectEntry[] {
  if (ts.isSpreadAssignment(node)) return [{ kind: 'spread', value: readExpression(reading, node.expression) }];
  if (ts.isShorthandPropertyAssignment(node)) {
    const span = reading.spanOf(node.name);
    const name = node.name.text;
    return [{ kind: 'property', key: { kind: 'fixed', name, span }, value: { kind: 'name', name, span } }];
  }
  if (ts.isGetAccessor(node) || ts.isSetAccessor(node)) {
    refuse(reading, node, 'a getter or setter', 'write a plain property');
    return [];
  }
  const key = readPropertyKey(reading, node.name);
  if (ts.isMethodDeclaration(node)) return [{ kind: 'property', key, value: readFunction(reading, node) }];
  return [{ kind: 'property', key, value: readExpression(reading, node.initializer) }];
}

export function readPropertyKey(reading: Reading, node: ts.PropertyName): PropertyKey {
  const span = reading.spanOf(node);
  if (ts.isComputedPropertyName(node))
    return { kind: 'computed', name: readExpression(reading, node.expression), span };
  if (ts.isNumericLiteral(node)) return { kind: 'fixed', name: String(Number(node.text)), span };
  return { kind: 'fixed', name: node.text, span };
}
