/** A text that units share when they can be one function: their trees without what a slot can hold (see `match-trees.ts`). */
import type { Expression } from '../../shared/expression.ts';
import { isGeometry, isOfTurn, isTensorFromOutside, type Tree } from './match-trees.ts';

export const skeletonOf = ({ body, returned }: Tree): string =>
  JSON.stringify([body, returned], (_key, value: unknown) => (isExpression(value) ? withoutSlots(value) : value));

const isExpression = (value: unknown): value is Expression =>
  typeof value === 'object' && value !== null && 'kind' in value;

function withoutSlots(expression: Expression): unknown {
  if (isTensorFromOutside(expression)) return '%';
  if (isGeometry(expression)) return 'geometry';
  if (isOfTurn(expression)) return 'number';
  switch (expression.kind) {
    case 'number':
      return 'number';
    case 'array':
      return expression.items.every(({ kind }) => kind === 'number') ? expression.items.length : expression;
    case 'object':
      return expression.fields.some(([key]) => key === 'grid') ? 'windows' : expression;
    case 'call': {
      const { callee, args } = expression;
      const draws = callee.kind === 'runtime' && (callee.symbol === 'cauchyNoise' || callee.symbol === 'normalNoise');
      return draws ? { callee, args: args.map(arg => (arg.kind === 'text' ? 'stream' : arg)) } : expression;
    }
    default:
      return expression;
  }
}
