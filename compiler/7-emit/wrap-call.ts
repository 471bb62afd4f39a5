/** Breaks a long expression after the opening parenthesis of its calls, one argument a line, as a formatter would. */
import { type Code, code, fromCode } from './safe-text.ts';

/** `prefix` is what stands before the expression on its first line, `suffix` what follows it on its last. */
export function wrapCall(expression: Code, prefix: Code, suffix: Code, indent: Code, width: number): Code[] {
  const line = code`${indent}${prefix}${expression}${suffix}`;
  if (line.length <= width) return [line];
  const parts = splitCall(expression);
  if (parts === null) return [line];
  const inner = code`${indent}  `;
  const lines = [code`${indent}${prefix}${parts.head}(`];
  for (const arg of parts.args) lines.push(...wrapCall(arg, code``, code`,`, inner, width));
  lines.push(code`${indent})${suffix}`);
  return lines;
}

/** `f(a, g(b, c))` → `f` and `['a', 'g(b, c)']`; null when the expression is no call. */
function splitCall(expression: Code): { readonly head: Code; readonly args: Code[] } | null {
  const open = expression.indexOf('(');
  if (open <= 0 || !expression.endsWith(')') || !/^[\w.]+$/.test(expression.slice(0, open))) return null;
  const args: Code[] = [];
  let depth = 0;
  let from = open + 1;
  let isQuoted = false;
  for (let at = from; at < expression.length; at++) {
    const character = expression[at];
    if (isQuoted) {
      if (character === "'") isQuoted = false;
      // What follows a backslash ends nothing.
      else if (character === '\\') at++;
      continue;
    }
    if (character === "'") isQuoted = true;
    else if (character === '(' || character === '[' || character === '{') depth++;
    else if (character === ')' || character === ']' || character === '}') depth--;
    const isEnd = at === expression.length - 1;
    if (depth < 0 && !isEnd) return null;
    if ((character === ',' && depth === 0) || isEnd) {
      args.push(fromCode(expression.slice(from, at).trim()));
      from = at + 1;
    }
  }
  return args.length === 1 && args[0] === '' ? null : { head: fromCode(expression.slice(0, open)), args };
}
