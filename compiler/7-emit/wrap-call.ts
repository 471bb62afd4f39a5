/** Breaks a long expression after the opening parenthesis of its calls, one argument a line, as a formatter would. */

/** `prefix` is what stands before the expression on its first line, `suffix` what follows it on its last. */
export function wrapCall(expression: string, prefix: string, suffix: string, indent: string, width: number): string[] {
  const line = `${indent}${prefix}${expression}${suffix}`;
  if (line.length <= width) return [line];
  const parts = splitCall(expression);
  if (parts === null) return [line];
  const inner = `${indent}  `;
  const lines = [`${indent}${prefix}${parts.head}(`];
  for (const arg of parts.args) lines.push(...wrapCall(arg, '', ',', inner, width));
  lines.push(`${indent})${suffix}`);
  return lines;
}

/** `f(a, g(b, c))` → `f` and `['a', 'g(b, c)']`; null when the expression is no call. */
function splitCall(expression: string): { readonly head: string; readonly args: string[] } | null {
  const open = expression.indexOf('(');
  if (open <= 0 || !expression.endsWith(')') || !/^[\w.]+$/.test(expression.slice(0, open))) return null;
  const args: string[] = [];
  let depth = 0;
  let from = open + 1;
  let isQuoted = false;
  for (let at = from; at < expression.length; at++) {
    const character = expression[at];
    // Quotes inside of texts are printed with a backslash before them.
    if (character === "'" && expression[at - 1] !== '\\') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === '(' || character === '[' || character === '{') depth++;
    else if (character === ')' || character === ']' || character === '}') depth--;
    const isEnd = at === expression.length - 1;
    if (depth < 0 && !isEnd) return null;
    if ((character === ',' && depth === 0) || isEnd) {
      args.push(expression.slice(from, at).trim());
      from = at + 1;
    }
  }
  return args.length === 1 && args[0] === '' ? null : { head: expression.slice(0, open), args };
}
