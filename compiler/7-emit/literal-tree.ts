/** A plain value as a tree of JavaScript. */
import { InternalError } from '../shared/assert.ts';
import { array, type Expression, number, object, text, word } from '../shared/expression.ts';

export function literalTree(value: unknown): Expression {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'boolean' || value === null) return word(value);
  if (typeof value !== 'object') throw new InternalError(`a ${typeof value} has no literal`);
  if (Array.isArray(value)) return array(value.map(literalTree));
  return object(Object.entries(value).map(([key, item]) => [key, literalTree(item)]));
}
