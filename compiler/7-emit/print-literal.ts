/** A plain value as JavaScript: keys without quotes where they need none, short arrays and records on one line. */
import { InternalError } from '../shared/assert.ts';
import { type Code, code, fromCode, printKey, printNumber, quoted } from './safe-text.ts';

const width = 120;

export function printLiteral(value: unknown, indent: Code = code``): Code {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return printNumber(value);
  if (typeof value === 'boolean') return value ? code`true` : code`false`;
  if (value === null) return code`null`;
  if (typeof value !== 'object') throw new InternalError(`a ${typeof value} has no literal`);
  const inner = code`${indent}  `;
  const entries: Code[] = Array.isArray(value)
    ? value.map(item => printLiteral(item, inner))
    : Object.entries(value).map(([key, item]) => code`${printKey(key)}: ${printLiteral(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return fromCode(open + close);
  const space = Array.isArray(value) ? '' : ' ';
  const line = `${open}${space}${entries.join(', ')}${space}${close}`;
  if (!line.includes('\n') && indent.length + line.length < width - 20) return fromCode(line);
  return fromCode(`${open}\n${entries.map(entry => `${inner}${entry},\n`).join('')}${indent}${close}`);
}
