import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printKey, printLiteral, printNumber, quoted } from '../../../compiler/7-emit/print-literal.ts';

const evaluate = (text: string): unknown => new Function(`'use strict'; return (${text});`)();

describe('printLiteral', () => {
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
    for (const key of ['__proto__', 'constructor', 'toString', 'default', "a'b", ''])
      expect(Object.keys(evaluate(`{ ${printKey(key)}: 1 }`) as object)).toEqual([key]);
  });
});

describe('printNumber and quoted', () => {
  it('read back exactly', () => {
    fc.assert(fc.property(fc.double(), value => Object.is(evaluate(printNumber(value)), value)));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => evaluate(quoted(text)) === text));
  });
});
