/**
 * The border between texts of users and the emitted module: names of layers and files, the command, specifiers of imports.
 *
 * The templates and the printers take nothing but `Code` and `CommentText`, which only this file makes: one function per place
 * where a text can stand. A plain string in between is a type error.
 */
import { InternalError } from '../shared/assert.ts';
import { visibleText } from '../shared/visible-text.ts';
import { wrapWords } from './wrap-words.ts';

declare const brand: unique symbol;

/** A piece of source. */
export type Code = string & { readonly [brand]: 'Code' };
/** What can stand in a comment, of a line or a block, and nowhere else. */
export type CommentText = string & { readonly [brand]: 'CommentText' };

/** The tag of templates that are written in the compiler: what they hold is code already, or a number. */
export function code(texts: TemplateStringsArray, ...parts: readonly (Code | number)[]): Code {
  return texts.map((text, index) => text + (parts[index] ?? '')).join('') as Code;
}

export const joined = (parts: readonly Code[], separator: ', ' | ' | ' | '\n' | ''): Code =>
  parts.join(separator) as Code;

/** For the body of a comment: one line, that cannot end the comment, and that no tool takes for an order. */
export const commentText = (text: string): CommentText =>
  visibleText(text)
    .replaceAll('*/', '*\\/')
    .replace(orderOfTools, character => `\\u{${character.charCodeAt(0).toString(16)}}`)
    // Where the module stands in a page, these end the script or hide its end.
    .replace(/<(?=[/!])/g, '\\u{3c}') as CommentText;

/** A text over as many lines of a comment as it needs, each a comment's text by itself. */
export const commentLines = (text: string, width: number): CommentText[] => wrapWords(text, width, commentText);

/** `@ts-nocheck` and `# sourceMappingURL=` at the start, `@__PURE__` anywhere. */
const orderOfTools = /(?<=^\s*)[@#]|[@#](?=__)/g;

/** Tag of a comment through the end of the line: what the compiler writes, around texts of any kind. */
export const lineComment = (texts: TemplateStringsArray, ...parts: readonly string[]): Code =>
  `// ${texts.map((text, index) => text + commentText(parts[index] ?? '')).join('')}` as Code;

/** A string literal, quotes included. */
export const quoted = (text: string): Code =>
  `'${visibleText(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")).replace(/<(?=[/!])/g, '\\x3c')}'` as Code;

/** The key of a property, in an object literal or a type. `__proto__` in brackets: plain or quoted it would set the prototype. */
export function printKey(key: string): Code {
  if (key === '__proto__') return code`['__proto__']`;
  return isName(key) ? (key as Code) : quoted(key);
}

/** What follows the object whose property is read. */
export const printAccess = (key: string): Code =>
  isName(key) && key !== '__proto__' ? code`.${key as Code}` : code`[${quoted(key)}]`;

/** @throws InternalError for what is no name; words that the language reserves are not looked for */
export function identifier(name: string): Code {
  if (!isName(name)) throw new InternalError(`${JSON.stringify(name)} is no identifier`);
  return name as Code;
}

/** A comment above what it is about, its lines wrapped one by one: on one line where that is enough. */
export function docComment(lines: readonly string[], width: number): Code[] {
  const [only, ...others] = lines.flatMap(line => commentLines(line, width - ' * '.length));
  if (only === undefined) return [];
  const short = `/** ${only} */`;
  if (others.length === 0 && short.length <= width) return [short as Code];
  return ['/**', ...[only, ...others].map(line => ` * ${line}`), ' */'] as Code[];
}

const isName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text);

export const printNumber = (value: number): Code => (Object.is(value, -0) ? '-0' : String(value)) as Code;

/** For printers that take code apart and put it together again; the tests list them. */
export const fromCode = (text: string): Code => text as Code;
