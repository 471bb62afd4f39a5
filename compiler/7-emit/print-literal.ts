/** A plain value as JavaScript: keys without quotes where they need none, short arrays and records on one line. */
const width = 120;

export function printLiteral(value: unknown, indent = ''): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return printNumber(value);
  if (value === null || typeof value !== 'object') return String(value);
  const entries: string[] = Array.isArray(value)
    ? value.map(item => printLiteral(item, `${indent}  `))
    : Object.entries(value).map(([key, item]) => `${printKey(key)}: ${printLiteral(item, `${indent}  `)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return open + close;
  const space = Array.isArray(value) ? '' : ' ';
  const line = `${open}${space}${entries.join(', ')}${space}${close}`;
  if (!line.includes('\n') && indent.length + line.length < width - 20) return line;
  return `${open}\n${entries.map(entry => `${indent}  ${entry},\n`).join('')}${indent}${close}`;
}

/** `__proto__` in brackets: plain or quoted it would set the prototype. */
export function printKey(key: string): string {
  if (key === '__proto__') return `['__proto__']`;
  return /^[A-Za-z_]\w*$/.test(key) ? key : quoted(key);
}

export const printNumber = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

export const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
