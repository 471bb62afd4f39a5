/** Unary and binary operators, assignments and updates. */
import { ts } from './open-source.ts';
import { readExpression } from './read-expression.ts';
import { readTarget } from './read-pattern.ts';
import { type Reading, refuseExpression } from './reading.ts';
import type { BinaryOperator, Expression, LogicalOperator, UnaryOperator } from './syntax.ts';

const binaryOperators: readonly string[] = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '<',
  '<=',
  '>',
  '>=',
  '===',
  '!==',
  '==',
  '!=',
] satisfies readonly BinaryOperator[];
const logicalOperators: readonly string[] = ['&&', '||', '??'] satisfies readonly LogicalOperator[];

const isBinary = (operator: string): operator is BinaryOperator => binaryOperators.includes(operator);
const isLogical = (operator: string): operator is LogicalOperator => logicalOperators.includes(operator);

type OperatorNode = ts.BinaryExpression | ts.PrefixUnaryExpression | ts.PostfixUnaryExpression | ts.TypeOfExpression;

export function readOperator(reading: Reading, node: OperatorNode): Expression {
  if (ts.isBinaryExpression(node)) return readBinary(reading, node);
  if (ts.isTypeOfExpression(node)) return readUnary(reading, node, 'typeof', node.expression);
  const prefix = ts.isPrefixUnaryExpression(node);
  switch (node.operator) {
    case ts.SyntaxKind.PlusPlusToken:
    case ts.SyntaxKind.MinusMinusToken: {
      const by = node.operator === ts.SyntaxKind.PlusPlusToken ? 1 : -1;
      return { kind: 'update', by, prefix, target: readTarget(reading, node.operand), span: reading.spanOf(node) };
    }
    case ts.SyntaxKind.PlusToken:
      return readUnary(reading, node, '+', node.operand);
    case ts.SyntaxKind.MinusToken:
      return readUnary(reading, node, '-', node.operand);
    case ts.SyntaxKind.ExclamationToken:
      return readUnary(reading, node, '!', node.operand);
    default:
      return refuseExpression(reading, node, 'the bitwise operator `~`', 'use arithmetic', [
        readExpression(reading, node.operand),
      ]);
  }
}

function readUnary(reading: Reading, node: ts.Expression, operator: UnaryOperator, operand: ts.Expression): Expression {
  return { kind: 'unary', operator, operand: readExpression(reading, operand), span: reading.spanOf(node) };
}

function readBinary(reading: Reading, node: ts.BinaryExpression): Expression {
  const span = reading.spanOf(node);
  const operator = node.operatorToken.getText();
  if (operator === '=') {
    return { kind: 'assign', target: readTarget(reading, node.left), value: readExpression(reading, node.right), span };
  }
  const compound = operator.slice(0, -1);
  if (operator.endsWith('=') && !isBinary(operator) && (isBinary(compound) || isLogical(compound))) {
    const target = readTarget(reading, node.left);
    return { kind: 'compoundAssign', operator: compound, target, value: readExpression(reading, node.right), span };
  }
  const left = readExpression(reading, node.left);
  const right = readExpression(reading, node.right);
  if (isBinary(operator)) return { kind: 'binary', operator, left, right, span };
  if (isLogical(operator)) return { kind: 'logical', operator, left, right, span };
  const construct = operator === ',' ? 'the comma operator' : `the operator \`${operator}\``;
  return refuseExpression(reading, node, construct, operator === ',' ? 'write two statements' : '', [left, right]);
}
