/** A list between brackets: on one line when it fits, else with as many items to a line as fit. */
import { lineWidth } from './line-width.ts';
import { type Code, code, fromCode, joined } from './safe-text.ts';

export function wrapList(open: Code, items: readonly Code[], close: Code): Code[] {
  const line = code`${open}${joined(items, ', ')}${close}`;
  if (line.length <= lineWidth) return [line];
  const lines: Code[] = [];
  let last: Code | null = null;
  for (const item of items) {
    const longer: Code = last === null ? code`  ${item},` : code`${last} ${item},`;
    if (last !== null && longer.length > lineWidth) {
      lines.push(last);
      last = code`  ${item},`;
    } else last = longer;
  }
  return [fromCode(open.trimEnd()), ...lines, ...(last === null ? [] : [last]), fromCode(close.trimStart())];
}
