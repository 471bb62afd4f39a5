/** Trees with some of their nodes replaced. */
import type { Expression, Statement } from '../../shared/expression.ts';

/** What takes a node's place; null for itself with its own nodes replaced. */
export type Replace = (expression: Expression) => Expression | null;
export type Rename = (statement: Statement) => Statement;

/** `rename` gives statements inside another name or comment. */
export function mapExpression(expression: Expression, replace: Replace, rename: Rename = same): Expression {
  const replaced = replace(expression);
  if (replaced !== null) return replaced;
  const inner = (part: Expression): Expression => mapExpression(part, replace, rename);
  switch (expression.kind) {
    case 'number':
    case 'word':
    case 'text':
    case 'name':
    case 'given':
    case 'runtime':
      return expression;
    case 'member':
      return { ...expression, object: inner(expression.object) };
    case 'entry':
      return { ...expression, object: inner(expression.object), key: inner(expression.key) };
    case 'call':
      return { ...expression, callee: inner(expression.callee), args: expression.args.map(inner) };
    case 'array':
      return { ...expression, items: expression.items.map(inner) };
    case 'object':
      return { ...expression, fields: expression.fields.map(([key, value]) => [key, inner(value)] as const) };
    case 'binary':
      return { ...expression, left: inner(expression.left), right: inner(expression.right) };
    case 'function':
      return {
        ...expression,
        body: expression.body.map(statement => mapStatement(statement, replace, rename)),
        result: inner(expression.result),
      };
  }
}

export function mapStatement(statement: Statement, replace: Replace, rename: Rename = same): Statement {
  const renamed = rename(statement);
  return 'value' in renamed ? { ...renamed, value: mapExpression(renamed.value, replace, rename) } : renamed;
}

const same: Rename = statement => statement;

/** Every node of a tree, from the outside in. */
export function visitStatements(statements: readonly Statement[], visit: (expression: Expression) => void): void {
  for (const statement of statements)
    mapStatement(statement, expression => {
      visit(expression);
      return null;
    });
}
