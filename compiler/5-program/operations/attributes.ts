/** How attributes are written in the text form of a program: `print-program.ts` and `parse-program.ts` both follow it. */

/** `text` is quoted, `word` is bare. */
export type AttributeFormat = 'number' | 'numbers' | 'boolean' | 'text' | 'word';

export interface AttributeRule {
  readonly format: AttributeFormat;
  /** Directly after the operation's name, or in braces with its own name. */
  readonly place: 'lead' | 'braces';
  /** The only values there are; empty when any will do. */
  readonly choices: readonly string[];
}

/** `resultShape` is the stated shape of the result, and not repeated; a `block` is indented below the instruction. */
export type WrittenAs = AttributeRule | 'resultShape' | 'block';

export const lead = (format: AttributeFormat, choices: readonly string[] = []): AttributeRule => ({
  format,
  place: 'lead',
  choices,
});

export const named = (format: AttributeFormat, choices: readonly string[] = []): AttributeRule => ({
  format,
  place: 'braces',
  choices,
});
