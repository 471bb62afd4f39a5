import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literalTree } from '../../../compiler/7-emit/literal-tree.ts';
import { code, identifier } from '../../../compiler/7-emit/safe-text.ts';
import { wrapExpression } from '../../../compiler/7-emit/wrap-expression.ts';

const evaluate = (text: string): unknown => new Function(`'use strict'; return (${text});`)();

const printLiteral = (value: unknown): string =>
  wrapExpression(literalTree(value), { indent: code``, before: code``, after: code`` }, { runtime: identifier }).join(
    '\n',
  );

describe('literalTree', () => {
  it('prints short values on one line and long ones one entry a line', () => {
    expect(printLiteral({ a: [1, 2], 'b-c': null, d: "it's" })).toBe("{ a: [1, 2], 'b-c': null, d: 'it\\'s' }");
    expect(printLiteral({ list: [], record: {} })).toBe('{ list: [], record: {} }');
    const word = 'w'.repeat(30);
    expect(printLiteral({ a: [word, word, word, word] })).toBe(
      `{\n  a: [\n${Array.from({ length: 4 }, () => `    '${word}',\n`).join('')}  ],\n}`,
    );
  });

  it('prints what reads back as the same value', () => {
    const value = fc.letrec(tie => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.string({ unit: 'binary' }),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'a')), tie('any'), {
          maxKeys: 4,
          noNullPrototype: true,
        }),
      ),
    })).any;
    fc.assert(
      fc.property(value, original => {
        const copy = evaluate(printLiteral(original));
        expect(copy).toEqual(original);
        expect(JSON.stringify(copy)).toBe(JSON.stringify(original));
      }),
      { numRuns: 500 },
    );
  });
});
