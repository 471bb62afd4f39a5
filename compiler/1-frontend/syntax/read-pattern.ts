/** Patterns: what declarations, parameters, loops and assignments take values apart into. */
import { ts } from './open-source.ts';
import { readExpression } from './read-expression.ts';
import { readPropertyKey } from './read-object.ts';
import { type Reading, refusePattern } from './reading.ts';
import type { Expression, Pattern, PatternElement, PropertyKey } from './syntax.ts';

type KeyedElement = PatternElement & { readonly key: PropertyKey };

/** In a declaration or parameter: new names. */
export function readBinding(reading: Reading, node: ts.BindingName): Pattern {
  const span = reading.spanOf(node);
  if (ts.isIdentifier(node)) return { kind: 'name', name: node.text, span };
  const whenUndefined = (element: ts.BindingElement): Expression | null =>
    element.initializer ? readExpression(reading, element.initializer) : null;
  let rest: Pattern | null = null;
  if (ts.isArrayBindingPattern(node)) {
    const elements: (PatternElement | null)[] = [];
    for (const element of node.elements) {
      if (ts.isOmittedExpression(element)) elements.push(null);
      else if (element.dotDotDotToken) rest = readBinding(reading, element.name);
      else elements.push({ target: readBinding(reading, element.name), whenUndefined: whenUndefined(element) });
    }
    return { kind: 'list', elements, rest, span };
  }
  const properties: KeyedElement[] = [];
  for (const element of node.elements) {
    const target = readBinding(reading, element.name);
    if (element.dotDotDotToken) rest = target;
    else {
      const key = element.propertyName ?? element.name;
      // A pattern without a property name is a syntax error, met before.
      if (ts.isObjectBindingPattern(key) || ts.isArrayBindingPattern(key)) continue;
      properties.push({ key: readPropertyKey(reading, key), target, whenUndefined: whenUndefined(element) });
    }
  }
  return { kind: 'object', properties, rest, span };
}

/** In an assignment: names and places that exist. */
export function readTarget(reading: Reading, node: ts.Expression): Pattern {
  const span = reading.spanOf(node);
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return readTarget(reading, node.expression);
  if (ts.isIdentifier(node)) return { kind: 'name', name: node.text, span };
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const place = readExpression(reading, node);
    if (place.kind === 'member' || place.kind === 'index') return { kind: 'place', place, span };
    return { kind: 'unsupported', span };
  }
  if (ts.isArrayLiteralExpression(node)) return readListTarget(reading, node);
  if (ts.isObjectLiteralExpression(node)) return readObjectTarget(reading, node);
  return refusePattern(reading, node, 'this target of an assignment', 'assign to a variable, an element or a property');
}

function readListTarget(reading: Reading, node: ts.ArrayLiteralExpression): Pattern {
  const elements: (PatternElement | null)[] = [];
  let rest: Pattern | null = null;
  for (const element of node.elements) {
    if (ts.isOmittedExpression(element)) elements.push(null);
    else if (ts.isSpreadElement(element)) rest = readTarget(reading, element.expression);
    else elements.push(readTargetElement(reading, element));
  }
  return { kind: 'list', elements, rest, span: reading.spanOf(node) };
}

function readObjectTarget(reading: Reading, node: ts.ObjectLiteralExpression): Pattern {
  const properties: KeyedElement[] = [];
  let rest: Pattern | null = null;
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) rest = readTarget(reading, property.expression);
    else if (ts.isPropertyAssignment(property)) {
      properties.push({
        key: readPropertyKey(reading, property.name),
        ...readTargetElement(reading, property.initializer),
      });
    } else if (ts.isShorthandPropertyAssignment(property)) {
      const initializer = property.objectAssignmentInitializer;
      const whenUndefined = initializer ? readExpression(reading, initializer) : null;
      properties.push({
        key: readPropertyKey(reading, property.name),
        target: readTarget(reading, property.name),
        whenUndefined,
      });
    } else return refusePattern(reading, property, 'this target of an assignment');
  }
  return { kind: 'object', properties, rest, span: reading.spanOf(node) };
}

function readTargetElement(reading: Reading, node: ts.Expression): PatternElement {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    return { target: readTarget(reading, node.left), whenUndefined: readExpression(reading, node.right) };
  }
  return { target: readTarget(reading, node), whenUndefined: null };
}
