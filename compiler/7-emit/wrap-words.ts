/** Breaks a text of words into lines. */

/** Each line as `print` makes it, which may change its length, at most `width` long where there is a blank to break at. */
export function wrapWords<Line extends string>(text: string, width: number, print: (words: string) => Line): Line[] {
  const lines: Line[] = [];
  // Between blanks next to each other stands a word of no letters, so that all of them are kept.
  const [first = '', ...others] = text.split(' ');
  let line = first;
  for (const word of others) {
    const longer = `${line} ${word}`;
    if (line.trim() !== '' && print(longer).length > width) {
      lines.push(print(line));
      line = word;
    } else line = longer;
  }
  return [...lines, print(line)];
}
