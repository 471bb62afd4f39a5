/**
 * Text of users, names of files above all, for people to read: what is invisible, moves the cursor, turns the direction of
 * writing or ends a line is shown by its code, `\u{1b}`.
 */

/**
 * Controls, halves of characters, line and paragraph separators, marks of direction and of width zero, tags. Spelled out, since
 * classes of Unicode grow from one Node to the next, and modules are compiled to the same bytes by each.
 */
const hidden =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\u{e0000}-\u{e0fff}]/gu;

/** One line, whatever stood in it. What was shown once is shown the same. */
export const visibleText = (text: string): string =>
  text.replace(hidden, character => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** As `visibleText`; line breaks and tabs stay. */
export const visibleLines = (text: string): string => text.replace(/[^\n\t]+/g, visibleText);

/** JSON of the same value, in printable characters. */
export const visibleJson = (value: unknown): string =>
  JSON.stringify(value).replace(hidden, character =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );

/** Of the same length and with the same lines, for frames that point at columns: what is hidden becomes a box. */
export const maskedSource = (text: string): string =>
  text.replace(hidden, character =>
    /[\t\n\r\u2028\u2029]/.test(character) ? character : '\ufffd'.repeat(character.length),
  );
