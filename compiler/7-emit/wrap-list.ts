/** A list between brackets: on one line when it fits, else one item a line. */
import { type Code, code, fromCode, joined } from './safe-text.ts';

const width = 120;

export function wrapList(open: Code, items: readonly Code[], close: Code): Code[] {
  const line = code`${open}${joined(items, ', ')}${close}`;
  if (line.length <= width) return [line];
  return [fromCode(open.trimEnd()), ...items.map(item => code`  ${item},`), fromCode(close.trimStart())];
}
