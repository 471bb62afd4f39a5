import { describe, expect, it } from 'vitest';
import { code, fromCode } from '../../../compiler/7-emit/safe-text.ts';
import { wrapCall } from '../../../compiler/7-emit/wrap-call.ts';
import { wrapList } from '../../../compiler/7-emit/wrap-list.ts';

const wrap = (expression: string, width: number): string[] =>
  wrapCall(fromCode(expression), code`const y = `, code`;`, code`  `, width);

describe('wrapCall', () => {
  it('leaves alone what fits', () => {
    expect(wrap('f(a, b)', 20)).toEqual(['  const y = f(a, b);']);
  });

  it('breaks the outermost call first, and inner ones only when they are too long', () => {
    expect(wrap('tf.add(tf.mul(alpha, beta), gamma)', 30)).toEqual([
      '  const y = tf.add(',
      '    tf.mul(alpha, beta),',
      '    gamma,',
      '  );',
    ]);
    expect(wrap('tf.add(tf.mul(alpha, beta), gamma)', 20)).toEqual([
      '  const y = tf.add(',
      '    tf.mul(',
      '      alpha,',
      '      beta,',
      '    ),',
      '    gamma,',
      '  );',
    ]);
  });

  it('keeps lists and texts whole, whatever stands in them', () => {
    expect(wrap("noise(key, 'a, (b', [1, [2, 3]])", 10)).toEqual([
      '  const y = noise(',
      '    key,',
      "    'a, (b',",
      '    [1, [2, 3]],',
      '  );',
    ]);
    expect(wrap("f('it\\'s)', b)", 5)).toEqual(['  const y = f(', "    'it\\'s)',", '    b,', '  );']);
    expect(wrap("f('back\\\\', 'a, (b')", 5)).toEqual(['  const y = f(', "    'back\\\\',", "    'a, (b',", '  );']);
  });

  it('cannot break what is no single call', () => {
    for (const text of ['1 / batch', 'x', 'f()', 'f(a) + g(b)', 'p[0](a, b)'])
      expect(wrap(text, 5)).toEqual([`  const y = ${text};`]);
  });
});

describe('wrapList', () => {
  it('puts one item a line beyond 120 characters', () => {
    const item = fromCode('x'.repeat(58));
    expect(wrapList(code`[`, [code`a`, code`b`], code`]`)).toEqual(['[a, b]']);
    expect(wrapList(code`[`, [item, item], code`]`)).toEqual([`[${item}, ${item}]`]);
    expect(wrapList(code`[ `, [item, item], code` ]`)).toEqual(['[', `  ${item},`, `  ${item},`, ']']);
  });
});
