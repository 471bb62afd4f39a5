/** A list between brackets: on one line when it fits, else one item a line. */
const width = 120;

export function wrapList(open: string, items: readonly string[], close: string): string[] {
  const line = `${open}${items.join(', ')}${close}`;
  if (line.length <= width) return [line];
  return [open.trimEnd(), ...items.map(item => `  ${item},`), close.trimStart()];
}
