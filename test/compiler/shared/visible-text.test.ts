import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskedSource, visibleJson, visibleLines, visibleText } from '../../../compiler/shared/visible-text.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.nat(0xffff).map(String.fromCharCode) }));
/** What a terminal or a reader is deceived by; by the classes of Unicode, of which the sources list the members. */
const deceives = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** Format characters that show: signs before numbers of Arabic, Syriac, Kaithi, and controls of hieroglyphs and music. */
const shows =
  /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}]/gu;

describe('visibleText', () => {
  it.each([
    ['net\n.arch.ts', 'net\\u{a}.arch.ts'],
    ['\u001b[2J\r\u0007', '\\u{1b}[2J\\u{d}\\u{7}'],
    ['a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
    ['\u202egpj.exe', '\\u{202e}gpj.exe'],
    ['\ud800x', '\\u{d800}x'],
    ['\u{e0041}', '\\u{e0041}'],
    ['größe 層 😀 C:\\new', 'größe 層 😀 C:\\new'],
  ])('shows %j as %s', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it('leaves nothing that deceives, and shows the same again', () => {
    fc.assert(
      fc.property(anyText, text => {
        const shown = visibleText(text);
        expect(shown.replace(shows, '')).not.toMatch(deceives);
        expect(visibleText(shown)).toBe(shown);
      }),
      { numRuns: 2000 },
    );
  });

  it('hides no character of any class that deceives', () => {
    for (let point = 0; point <= 0x10ffff; point++) {
      const character = String.fromCodePoint(point);
      if (deceives.test(character) && !character.match(shows))
        expect([point, visibleText(character)]).not.toEqual([point, character]);
    }
  });
});

describe('visibleLines', () => {
  it('keeps line breaks and tabs alone', () => {
    expect(visibleLines('a\n\tb\u001b[31m\r\n')).toBe('a\n\tb\\u{1b}[31m\\u{d}\n');
  });
});

describe('visibleJson', () => {
  it('reads back as the same value', () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(JSON.parse(visibleJson({ text }))).toEqual({ text });
        expect(visibleJson(text).replace(shows, '')).not.toMatch(deceives);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('maskedSource', () => {
  it('keeps every line and column', () => {
    expect(maskedSource('a\u001b[1m\u{e0041}b\r\n\tc')).toBe('a\ufffd[1m\ufffd\ufffdb\r\n\tc');
    fc.assert(fc.property(anyText, text => maskedSource(text).length === text.length));
  });
});
