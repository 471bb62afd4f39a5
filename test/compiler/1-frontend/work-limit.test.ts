import { describe, expect, it } from 'vitest';
import { codesOf, readBody } from '../../support/read-network.ts';

describe('the work limit', () => {
  it.each([
    ['an endless loop', 'for (;;) {}'],
    ['a counter that is not counted', 'for (let i = 0; i < 3; i--) { const y = i; }'],
    ['a list that grows while it is walked', 'const list = [1]; for (const item of list) list.push(item);'],
    ['a list that doubles', 'let list = [1]; for (let i = 0; i < 99; i++) list = [...list, ...list];'],
    ['lists that are joined', 'let list = [1]; for (let i = 0; i < 99; i++) list = list.concat(list, list);'],
    ['a text that doubles', "let name = 'ab'; for (let i = 0; i < 99; i++) name += name;"],
    ['a text that is joined', "let name = 'ab'; for (let i = 0; i < 99; i++) name = [name, name].join('');"],
    ['a list of any length', 'const list = Array.from({ length: 2 ** 40 });'],
    [
      'nested callbacks',
      'const many = Array.from({ length: 2000 }, (_, i) => i); many.map(a => many.map(b => a * b));',
    ],
    ['layers without end', 'let y = x; for (let i = 0; i < 1e9; i++) y = relu(y);'],
  ])('stops %s where it is', (_, body) => {
    const { diagnostics, graph } = readBody(`${body}\nout = dense(x, { units: 2 });`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['work-limit']);
    expect(diagnostics[0]?.place?.span.start.line).toBe(4);
    expect(graph).toBeUndefined();
  });

  it.each([
    ['recursion', 'const f = n => f(n + 1); f(0);'],
    ['mutual recursion', 'function f(n) { return g(n); } function g(n) { return f(n); } f(0);'],
    ['recursion through a callback', 'const f = n => [n].map(f); f(0);'],
  ])('stops %s without an end', (_, body) => {
    const { diagnostics } = readBody(`${body}\nout = dense(x, { units: 2 });`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['work-limit']);
    expect(diagnostics[0]?.title).toContain('200 deep');
  });

  it('leaves room for a deep network', () => {
    const body =
      'let y = x; for (let i = 0; i < 3000; i++) y = relu(dense(y, { units: 4 })); out = dense(y, { units: 2 });';
    const { graph, diagnostics } = readBody(body);
    expect(diagnostics).toEqual([]);
    expect(graph?.layers).toHaveLength(6002);
  });

  it('leaves room for recursion that ends', () => {
    const body = 'const f = (y, n) => (n === 0 ? y : f(relu(y), n - 1)); out = dense(f(x, 150), { units: 2 });';
    expect(readBody(body).graph?.layers).toHaveLength(152);
  });

  it.each([
    ['parentheses', `out = ${'('.repeat(50_000)}x${')'.repeat(50_000)};`],
    ['lists', `out = ${'['.repeat(50_000)}${']'.repeat(50_000)};`],
    ['a sum', `out = dense(x, { units: ${'1+'.repeat(50_000)}1 });`],
    ['blocks', `${'{'.repeat(50_000)}${'}'.repeat(50_000)}`],
    ['functions', `const f = ${'() => '.repeat(20_000)} 1;`],
    ['conditions', `out = ${'true ? x : '.repeat(20_000)} x;`],
  ])('reports %s nested too deeply, instead of failing', (_, body) => {
    const codes = codesOf(readBody(body));
    expect(codes).toEqual(['nested-too-deeply']);
  });
});
