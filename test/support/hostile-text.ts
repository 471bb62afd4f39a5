/** Texts that try to leave the place where they are printed, and to run: names of files, layers and modules as an enemy chooses them. */
import fc from 'fast-check';

/** What each would do. */
export const payload = 'globalThis.dualcWasRun = true';

/** Each leaves one kind of place: line comment, block comment, text of each quote, template, tag of a page, Handlebars. */
const exits = [
  ...['\n', '\r', '\r\n', '\u2028', '\u2029', '\u0085', '\v', '\f', '\u001c', '\0'],
  ...['*/', '/*', '//', "'", '"', '`', "\\'", '\\', '\\\n', '\\\\', '${', '}', ')', ']', ');', "');", "']", ';'],
  ...['</script>', '<!--', '-->', '{{', '}}', '{{{', '{{/each}}', '{{> driver}}', '#!', '\n#!'],
  ...['\\u000a', '\\x27', '&#10;', '%0a', '\u202e', '\u2066', '\u200b', '\ufeff', '\ud800', '\udfff', '\u{e0001}'],
  ...['@ts-nocheck', '# sourceMappingURL=x', '@__PURE__', '__proto__', 'constructor', '$&', "$'", '$`', '$1', '$<a>'],
  ...['\u001b[2J', '\u009b31m', '\b', '\u007f', ' ', '\t', ',', '(', '[', '{', '.', '-', '/', '\\n'],
];

const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...exits) },
  { weight: 3, arbitrary: fc.constantFrom(payload, `${payload};`, `(${payload})`, `\n${payload}\n`, `${payload}//`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.nat(0xffff).map(unit => String.fromCharCode(unit)), maxLength: 3 }) },
);

export const hostileText: fc.Arbitrary<string> = fc
  .array(piece, { minLength: 1, maxLength: 6 })
  .map(parts => parts.join(''));

/** One that a file of a POSIX system can have: no slash, no zero, some bytes of UTF-8. */
export const hostileFileName: fc.Arbitrary<string> = hostileText
  .map(text => text.slice(0, 60).replace(/[/\0]|\p{Cs}/gu, ''))
  .filter(text => !['', '.', '..'].includes(text));
