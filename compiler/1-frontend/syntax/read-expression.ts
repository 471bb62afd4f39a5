/** Expressions: from the parser's tree to `Expression`. */
import { diagnose } from '../../diagnostics/catalog.ts';
import { ts } from './open-source.ts';
import { readFunction } from './read-function.ts';
import { readObject } from './read-object.ts';
import { readOperator } from './read-operator.ts';
import { type Reading, refuseExpression } from './reading.ts';
import type { Expression, ExpressionOf, ListItem } from './syntax.ts';

export function readExpression(reading: Reading, node: ts.Expression): Expression {
  const span = reading.spanOf(node);
  const read = (inner: ts.Expression): Expression => readExpression(reading, inner);
  if (ts.isParenthesizedExpression(node)) return read(node.expression);
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return read(node.expression);
  if (ts.isNonNullExpression(node) || ts.isTypeAssertionExpression(node)) return read(node.expression);
  if (ts.isExpressionWithTypeArguments(node)) return read(node.expression);
  if (ts.isNumericLiteral(node)) return { kind: 'literal', value: Number(node.text), span };
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
    return { kind: 'literal', value: node.text, span };
  if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: 'literal', value: true, span };
  if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: 'literal', value: false, span };
  if (node.kind === ts.SyntaxKind.NullKeyword) return { kind: 'literal', value: null, span };
  if (ts.isIdentifier(node)) return { kind: 'name', name: node.text, span };
  if (ts.isTemplateExpression(node)) {
    const rest = node.templateSpans.flatMap(part => [read(part.expression), part.literal.text]);
    return { kind: 'template', parts: [node.head.text, ...rest], span };
  }
  if (ts.isArrayLiteralExpression(node)) return { kind: 'list', items: readItems(reading, node.elements), span };
  if (ts.isObjectLiteralExpression(node)) return readObject(reading, node);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return readFunction(reading, node);
  if (isChainLink(node)) return readChain(reading, node);
  if (ts.isConditionalExpression(node)) {
    return {
      kind: 'conditional',
      test: read(node.condition),
      whenTrue: read(node.whenTrue),
      whenFalse: read(node.whenFalse),
      span,
    };
  }
  if (
    ts.isBinaryExpression(node) ||
    ts.isPrefixUnaryExpression(node) ||
    ts.isPostfixUnaryExpression(node) ||
    ts.isTypeOfExpression(node)
  ) {
    return readOperator(reading, node);
  }
  return readOther(reading, node);
}

export function readItems(reading: Reading, nodes: readonly ts.Expression[]): ListItem[] {
  return nodes.map(node => {
    if (ts.isSpreadElement(node)) return { spread: true, value: readExpression(reading, node.expression) };
    if (ts.isOmittedExpression(node)) {
      return {
        spread: false,
        value: refuseExpression(reading, node.parent, 'a list with a hole', 'write the missing element'),
      };
    }
    return { spread: false, value: readExpression(reading, node) };
  });
}

type ChainLink = ts.CallExpression | ts.PropertyAccessExpression | ts.ElementAccessExpression;

function isChainLink(node: ts.Expression): node is ChainLink {
  return ts.isCallExpression(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}

/** A chain with `?.` somewhere in it is wrapped once, at its end. */
function readChain(reading: Reading, node: ChainLink): Expression {
  const value = readLink(reading, node);
  return ts.isOptionalChain(node) ? { kind: 'chain', value, span: value.span } : value;
}

function readLink(reading: Reading, node: ChainLink): Expression {
  const span = reading.spanOf(node);
  const optional = node.questionDotToken !== undefined;
  const inner = node.expression;
  if (ts.isCallExpression(node) && inner.kind === ts.SyntaxKind.ImportKeyword) return readDynamicImport(reading, node);
  const continues = ts.isOptionalChain(node) && isChainLink(inner) && ts.isOptionalChain(inner);
  const object = continues ? readLink(reading, inner) : readExpression(reading, inner);
  if (ts.isCallExpression(node)) {
    return { kind: 'call', callee: object, arguments: readItems(reading, node.arguments), optional, span };
  }
  if (ts.isElementAccessExpression(node)) {
    return { kind: 'index', object, index: readExpression(reading, node.argumentExpression), optional, span };
  }
  if (ts.isPrivateIdentifier(node.name)) return refuseExpression(reading, node, 'a private name', '', [object]);
  return { kind: 'member', object, property: node.name.text, optional, span };
}

function readDynamicImport(reading: Reading, node: ts.Node): Expression {
  return nonStatic(reading, node, 'import()', 'is only known when the file runs');
}

function nonStatic(reading: Reading, node: ts.Node, expression: string, why: string): ExpressionOf<'unsupported'> {
  const span = reading.spanOf(node);
  reading.reporter.report(diagnose('non-static-expression', { expression, why }, span));
  return { kind: 'unsupported', parts: [], span };
}

/** Everything outside the subset, by name. */
function readOther(reading: Reading, node: ts.Expression): Expression {
  if (ts.isAwaitExpression(node))
    return nonStatic(reading, node, 'await', 'waits for a value that is only known when the file runs');
  if (ts.isMetaProperty(node)) return nonStatic(reading, node, node.getText(), 'is only known when the file runs');
  if (ts.isNewExpression(node)) return refuseExpression(reading, node, '`new`', 'use plain objects and functions');
  if (ts.isClassExpression(node)) return refuseExpression(reading, node, 'a class', 'use plain objects and functions');
  if (ts.isTaggedTemplateExpression(node))
    return refuseExpression(reading, node, 'a tagged template', 'call a function');
  if (ts.isRegularExpressionLiteral(node)) return refuseExpression(reading, node, 'a regular expression');
  if (ts.isBigIntLiteral(node)) return refuseExpression(reading, node, 'a big integer', 'leave out the n');
  if (ts.isDeleteExpression(node))
    return refuseExpression(reading, node, '`delete`', 'build a new object without the property');
  if (ts.isVoidExpression(node)) return refuseExpression(reading, node, '`void`', 'write undefined');
  if (ts.isYieldExpression(node)) return refuseExpression(reading, node, '`yield`', 'return an array');
  if (node.kind === ts.SyntaxKind.ThisKeyword)
    return refuseExpression(reading, node, '`this`', 'pass the value as a parameter');
  if (node.kind === ts.SyntaxKind.SuperKeyword) return refuseExpression(reading, node, '`super`');
  return refuseExpression(reading, node, 'this expression');
}
