/** A list between brackets: on one line when it fits, else one item a line. */
import { lineWidth } from './line-width.ts';
import { type Code, code, fromCode, joined } from './safe-text.ts';

/** `indent` is how far to the right the lines will stand. */
export function wrapList(open: Code, items: readonly Code[], close: Code, indent = 0): Code[] {
  const line = code`${open}${joined(items, ', ')}${close}`;
  if (indent + line.length <= lineWidth) return [line];
  return [fromCode(open.trimEnd()), ...items.map(item => code`  ${item},`), fromCode(close.trimStart())];
}
