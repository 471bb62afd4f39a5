import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentLines } from '../../../compiler/7-emit/safe-text.ts';
import { wrapWords } from '../../../compiler/7-emit/wrap-words.ts';

const asItIs = (words: string): string => words;

describe('wrapWords', () => {
  it('breaks at blanks, and keeps those at the start', () => {
    expect(wrapWords('  one two three', 9, asItIs)).toEqual(['  one two', 'three']);
    expect(wrapWords('one', 2, asItIs)).toEqual(['one']);
    expect(wrapWords('', 2, asItIs)).toEqual(['']);
  });

  it('loses nothing: the lines with blanks between them are the text', () => {
    const texts = fc.stringMatching(/^[ab ]*$/);
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 9 }), (text, width) => {
        const lines = wrapWords(text, width, asItIs);
        expect(lines.join(' ')).toBe(text);
        const tooLong = lines.filter(line => line.length > width);
        for (const line of tooLong) expect(line.trim()).not.toContain(' ');
      }),
    );
  });
});

describe('commentLines', () => {
  it('shows on each line what a tool would take for an order', () => {
    expect(commentLines('words @ts-nocheck', 10)).toEqual(['words', '\\u{40}ts-nocheck']);
  });

  it('measures what is shown', () => {
    for (const line of commentLines('a*/ a*/ a*/ a*/', 8)) expect(line.length).toBeLessThanOrEqual(8);
  });
});
