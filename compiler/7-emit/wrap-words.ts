/** Breaks a text of words into lines. */

/** Each line as `print` makes it, which may change its length, at most `width` long where there is a blank to break at. */
export function wrapWords<Line extends string>(text: string, width: number, print: (words: string) => Line): Line[] {
  const lines: Line[] = [];
  // Blanks at the start belong to the first word: they indent.
  const [first = '', ...others] = text.match(/^\s*\S+|\S+/g) ?? [text];
  let line = first;
  for (const word of others) {
    const longer = `${line} ${word}`;
    if (print(longer).length > width) {
      lines.push(print(line));
      line = word;
    } else line = longer;
  }
  return [...lines, print(line)];
}
