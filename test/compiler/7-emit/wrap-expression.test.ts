import { describe, expect, it } from 'vitest';
import { lineWidth } from '../../../compiler/7-emit/line-width.ts';
import { printExpression } from '../../../compiler/7-emit/print-expression.ts';
import { code, fromCode, identifier } from '../../../compiler/7-emit/safe-text.ts';
import { printStatements, wrapExpression } from '../../../compiler/7-emit/wrap-expression.ts';
import { wrapList } from '../../../compiler/7-emit/wrap-list.ts';
import {
  array,
  binary,
  call,
  type Expression,
  entry,
  given,
  givensOf,
  lambda,
  member,
  name,
  number,
  numberList,
  object,
  runtimeCall,
  tensorCall,
  text,
  word,
} from '../../../compiler/shared/expression.ts';

const printer = { runtime: identifier };
const print = (expression: Expression): string | null => printExpression(expression, printer);
const long = (letter: string, length: number): Expression => name(letter.repeat(length));
const wrap = (expression: Expression): string[] =>
  wrapExpression(expression, { indent: code`  `, before: code`const y = `, after: code`;` }, printer);

describe('printExpression', () => {
  it('prints each kind of tree', () => {
    const p = entry(given('p'), text("a'b.weight"));
    expect(print(tensorCall('add', p, number(-0)))).toBe("tf.add(p['a\\'b.weight'], -0)");
    expect(print(runtimeCall('matMul', name('x'), member(name('ball'), 'lower'), word(true)))).toBe(
      'matMul(x, ball.lower, true)',
    );
    expect(
      print(
        object([
          ['a', name('a')],
          ['b', name('a')],
          ['c-d', word(null)],
        ]),
      ),
    ).toBe("{ a, b: a, 'c-d': null }");
    expect(print(object([['__proto__', name('__proto__')]]))).toBe('{ __proto__ }');
    expect(print(object([['__proto__', number(1)]]))).toBe("{ ['__proto__']: 1 }");
    expect(print(object([]))).toBe('{}');
    expect(print(array([]))).toBe('[]');
    expect(print(tensorCall('tidy', lambda([], [], name('x'))))).toBe('tf.tidy(() => x)');
    expect(print(lambda(['start'], [{ kind: 'blank' }], name('x')))).toBeNull();
  });

  it('refuses a name that is none', () => {
    expect(() => print(name('a; evil()'))).toThrow('is no identifier');
    expect(() => print(member(name('tf'), 'add(evil())'))).toThrow('is no identifier');
  });

  it('sets parentheses where the order of operations asks for them, and nowhere else', () => {
    const [a, b, c] = [name('a'), name('b'), name('c')];
    const trees: readonly (readonly [Expression, string])[] = [
      [binary('*', binary('+', a, b), c), '(a + b) * c'],
      [binary('+', binary('*', a, b), c), 'a * b + c'],
      [binary('-', a, binary('-', b, c)), 'a - (b - c)'],
      [binary('-', binary('-', a, b), c), 'a - b - c'],
      [binary('/', a, binary('*', b, c)), 'a / (b * c)'],
      [binary('-', a, number(-1)), 'a - -1'],
    ];
    for (const [tree, printed] of trees) expect(print(tree)).toBe(printed);
  });
});

describe('givensOf', () => {
  it('finds what is given anywhere in a tree', () => {
    const loop = lambda(
      ['start'],
      [{ kind: 'const', name: 'y', value: array([given('key')]), comment: '' }],
      object([['z', entry(given('p'), text('w'))]]),
    );
    const tree = tensorCall('add', binary('*', given('batch'), number(2)), call(member(given('x'), 'f'), [loop]));
    expect(new Set(givensOf(tree))).toEqual(new Set(['batch', 'x', 'key', 'p']));
  });
});

describe('wrapExpression', () => {
  it('leaves alone what fits, to the last column', () => {
    const fits = lineWidth - '  const y = f();'.length;
    expect(wrap(call(name('f'), [long('a', fits)]))).toHaveLength(1);
    expect(wrap(call(name('f'), [long('a', fits + 1)]))).toEqual([
      '  const y = f(',
      `    ${'a'.repeat(fits + 1)},`,
      '  );',
    ]);
  });

  it('breaks the outermost call first, and inner ones only when they are too long', () => {
    const inner = tensorCall('mul', long('a', 40), long('b', 40));
    expect(wrap(tensorCall('add', inner, name('gamma')))).toEqual([
      '  const y = tf.add(',
      `    ${print(inner)},`,
      '    gamma,',
      '  );',
    ]);
    const larger = tensorCall('mul', long('a', 50), long('b', 50));
    expect(wrap(tensorCall('add', larger, name('gamma')))).toEqual([
      '  const y = tf.add(',
      '    tf.mul(',
      `      ${'a'.repeat(50)},`,
      `      ${'b'.repeat(50)},`,
      '    ),',
      '    gamma,',
      '  );',
    ]);
  });

  it('lets a function begin on the line of its call', () => {
    const value = tensorCall('add', long('a', 42), long('b', 42));
    expect(wrap(tensorCall('tidy', lambda([], [], value)))).toEqual([
      '  const y = tf.tidy(() => tf.add(',
      `    ${'a'.repeat(42)}, ${'b'.repeat(42)},`,
      '  ));',
    ]);
    const loop = lambda(
      ['start'],
      [{ kind: 'const', name: 'z', value: name('x'), comment: '[2]' }],
      array([name('z'), name('start')]),
    );
    expect(wrap(runtimeCall('summedChunks', number(4), number(2), loop))).toEqual([
      '  const y = summedChunks(4, 2, start => {',
      '    const z = x; // [2]',
      '    return [z, start];',
      '  });',
    ]);
    const unread = lambda(['start'], [{ kind: 'const', name: 'z', value: name('x'), comment: '' }], name('z'));
    expect(wrap(runtimeCall('chunkedRows', number(4), number(2), unread))).toEqual([
      '  const y = chunkedRows(4, 2, () => {',
      '    const z = x;',
      '    return z;',
      '  });',
    ]);
    expect(wrap(runtimeCall('chunkedRows', name('a'.repeat(45)), name('b'.repeat(40)), loop))).toEqual([
      '  const y = chunkedRows(',
      `    ${'a'.repeat(45)},`,
      `    ${'b'.repeat(40)},`,
      '    start => {',
      '      const z = x; // [2]',
      '      return [z, start];',
      '    },',
      '  );',
    ]);
  });

  it('puts numbers side by side, records one field a line, and adds up the pieces of a text', () => {
    const numbers = wrap(numberList(Array.from({ length: 40 }, (_, index) => index * 1111)));
    expect(numbers.length).toBeLessThan(6);
    const words = 'many words '.repeat(20);
    const texts = wrap(
      object([
        ['a', text(words)],
        ['b', number(1)],
      ]),
    );
    expect(texts.slice(0, 2)).toEqual(['  const y = {', '    a:']);
    const read = new Function(
      `${[...texts, ...numbers.map(line => line.replace(' y ', ' z '))].join('\n')}\nreturn { y, z };`,
    );
    expect(read()).toEqual({
      y: { a: words, b: 1 },
      z: Array.from({ length: 40 }, (_, index) => index * 1111),
    });
    for (const line of [...numbers, ...texts]) expect(line.length).toBeLessThanOrEqual(lineWidth);
  });

  it('breaks after an operator', () => {
    expect(wrap(binary('*', long('a', 60), binary('+', long('b', 20), long('c', 20))))).toEqual([
      `  const y = ${'a'.repeat(60)} *`,
      `    (${'b'.repeat(20)} + ${'c'.repeat(20)});`,
    ]);
  });
});

describe('printStatements', () => {
  it('moves a value to the next line when it fits there with its comment', () => {
    const value = tensorCall('add', long('a', 30), long('b', 30));
    const statement = { kind: 'const', name: 'y'.repeat(20), value, comment: '[batch, 3]' } as const;
    expect(printStatements([statement], code``, printer)).toEqual([
      `const ${'y'.repeat(20)} =`,
      `  ${print(value)}; // [batch, 3]`,
    ]);
  });

  it('breaks comments at blanks', () => {
    const lines = printStatements([{ kind: 'comment', text: 'words '.repeat(30).trim() }], code`  `, printer);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(/^ {2}\/\/ (words ?)+$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(lineWidth);
  });
});

describe('wrapList', () => {
  it('puts as many items on a line as fit there', () => {
    const item = fromCode('x'.repeat(48));
    expect(wrapList(code`[`, [code`a`, code`b`], code`]`)).toEqual(['[a, b]']);
    expect(wrapList(code`[`, [item, item], code`]`)).toEqual([`[${item}, ${item}]`]);
    expect(wrapList(code`[ `, [item, item], code` ]`)).toEqual(['[', `  ${item},`, `  ${item},`, ']']);
    expect(wrapList(code`[`, [code`a`, code`b`, item, item], code`]`)).toEqual([
      '[',
      `  a, b, ${item},`,
      `  ${item},`,
      ']',
    ]);
  });
});
