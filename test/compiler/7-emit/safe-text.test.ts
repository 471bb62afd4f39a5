import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type Code,
  type CommentText,
  code,
  commentText,
  identifier,
  lineComment,
  printKey,
  printNumber,
  quoted,
} from '../../../compiler/7-emit/safe-text.ts';
import type { ModuleView } from '../../../compiler/7-emit/view-model.ts';
import { hostileText } from '../../support/hostile-text.ts';

const evaluate = (text: string): unknown => new Function(`'use strict'; return (${text});`)();

/** Whatever is a string, and not one that was made safe, in a type and all it holds. */
type PlainText<T> = T extends Code | CommentText
  ? never
  : T extends string
    ? T
    : T extends readonly (infer Entry)[]
      ? PlainText<Entry>
      : T extends object
        ? { [Field in keyof T]: PlainText<T[Field]> }[keyof T]
        : never;

describe('the view', () => {
  it('holds no plain string', () => {
    expectTypeOf<PlainText<{ readonly lines: readonly { readonly text: string }[] }>>().toBeString();
    expectTypeOf<PlainText<ModuleView>>().toBeNever();
  });

  it('is made of texts that no other file declares safe', () => {
    const folder = new URL('../../../compiler/7-emit/', import.meta.url);
    const files = readdirSync(folder, { encoding: 'utf8', recursive: true })
      .filter(file => file.endsWith('.ts') && file !== 'safe-text.ts')
      .toSorted();
    const uses = (mark: RegExp) => files.filter(file => mark.test(readFileSync(new URL(file, folder), 'utf8')));
    expect(uses(/\bas (unknown as )?(readonly )?(Code|CommentText)\b/)).toEqual([]);
    // They change the case of a name, or drop blanks and commas at an end.
    expect(uses(/\bfromCode\(/)).toEqual(['safe-identifier.ts', 'wrap-expression.ts', 'wrap-list.ts']);
  });
});

describe('commentText', () => {
  it.each([
    ['x\nglobalThis.pwned = true;//.arch.ts', 'x\\u{a}globalThis.pwned = true;//.arch.ts'],
    ['x\rcode', 'x\\u{d}code'],
    ['x\u2028code', 'x\\u{2028}code'],
    ['*/ code /*', '*\\/ code /*'],
    ['@ts-nocheck', '\\u{40}ts-nocheck'],
    ['  # sourceMappingURL=x', '  \\u{23} sourceMappingURL=x'],
    ['a @__PURE__ b', 'a \\u{40}__PURE__ b'],
    ['</script><!--', '\\u{3c}/script>\\u{3c}!--'],
    ["it's `1` $x 層", "it's `1` $x 層"],
  ])('shows %j as %s', (text, shown) => {
    expect(commentText(text)).toBe(shown);
  });

  it('stays inside of a comment, of a line and of a block', () => {
    const kinds = (text: string): ts.SyntaxKind[] => {
      const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
      return Array.from({ length: 4 }, () => scanner.scan());
    };
    const { SingleLineCommentTrivia, MultiLineCommentTrivia, NewLineTrivia, Identifier, EndOfFileToken } =
      ts.SyntaxKind;
    fc.assert(
      fc.property(hostileText, text => {
        expect(kinds(`${lineComment`of ${text}`}\na`)).toEqual([
          SingleLineCommentTrivia,
          NewLineTrivia,
          Identifier,
          EndOfFileToken,
        ]);
        expect(kinds(`/**\n * ${commentText(text)}\n */\na`)).toEqual([
          MultiLineCommentTrivia,
          NewLineTrivia,
          Identifier,
          EndOfFileToken,
        ]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('quoted', () => {
  it('reads back exactly, on one line that a page can hold', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.string({ unit: 'binary' })), text => {
        const literal = quoted(text);
        expect(evaluate(literal)).toBe(text);
        expect(literal).not.toMatch(/[\n\r\u2028\u2029]|<[/!]/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('printKey', () => {
  it.each([
    ['relu1', 'relu1'],
    ['conv1.weight', "'conv1.weight'"],
    ['1', "'1'"],
    ['__proto__', "['__proto__']"],
  ])('prints %s as %s', (key, text) => {
    expect(printKey(key)).toBe(text);
  });

  it('makes an entry of every name, none a prototype', () => {
    const names = fc.oneof(hostileText, fc.constantFrom('__proto__', 'constructor', 'toString', 'default', "a'b", ''));
    fc.assert(
      fc.property(names, key => {
        expect(Object.keys(evaluate(`{ ${printKey(key)}: 1 }`) as object)).toEqual([key]);
      }),
    );
  });
});

describe('printNumber', () => {
  it('reads back exactly', () => {
    fc.assert(fc.property(fc.double(), value => Object.is(evaluate(printNumber(value)), value)));
  });
});

describe('identifier', () => {
  it('is nothing else than a name', () => {
    expect(identifier('relu_1')).toBe('relu_1');
    for (const text of ['', 'a b', 'a;b', '1x', 'a\n', 'größe'])
      expect(() => identifier(text)).toThrow('is no identifier');
  });
});

describe('code', () => {
  it('joins code and numbers', () => {
    expect(code`const ${identifier('a')} = [${quoted("it's")}, ${3}];`).toBe("const a = ['it\\'s', 3];");
  });
});
