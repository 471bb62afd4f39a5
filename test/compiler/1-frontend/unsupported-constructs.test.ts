import { describe, expect, it } from 'vitest';
import { readBody } from '../../support/read-network.ts';

describe('constructs outside the subset', () => {
  it.each([
    ['while (false) {}', '`while`'],
    ['do {} while (false);', '`do … while`'],
    ['for (const k in {}) {}', '`for … in`'],
    ['switch (1) { case 1: break; }', '`switch`'],
    ['try {} finally {}', '`try`'],
    ["throw 'no';", '`throw`'],
    ['loop: for (;;) {}', 'a label'],
    ['debugger;', '`debugger`'],
    ['class A {}', 'a class'],
    ['const A = class {};', 'a class'],
    ['enum E { A }', 'an enum'],
    ['namespace N { const a = 1; }', 'a namespace'],
    ['var n = 1;', '`var`'],
    ['const n = new Map();', '`new`'],
    ['const n = 5n;', 'a big integer'],
    ['const n = /a/;', 'a regular expression'],
    ['const n = 1 << 2;', 'the operator `<<`'],
    ['let n = 1; n >>= 2;', 'the operator `>>=`'],
    ["const n = 'a' in {};", 'the operator `in`'],
    ['const n = ~1;', 'the bitwise operator `~`'],
    ['const n = (1, 2);', 'the comma operator'],
    ['const n = void 0;', '`void`'],
    ['const o = { a: 1 }; delete o.a;', '`delete`'],
    ['const f = async () => 1;', 'an async function'],
    ['function* f() { yield 1; }', 'a generator function'],
    ['const o = { get a() { return 1; } };', 'a getter or setter'],
    ['const n = [1, , 2];', 'a list with a hole'],
    ['const f = () => this;', '`this`'],
    ['const n = String.raw`a`;', 'a tagged template'],
    ['const n = JSON.stringify(1);', 'the global `JSON`'],
    ['const n = Number("1");', 'the global `Number`'],
  ])('%s is refused as %s', (body, construct) => {
    const { diagnostics } = readBody(`${body}\nout = dense(x, { units: 2 });`);
    const found = diagnostics.filter(({ code }) => code === 'unsupported-construct');
    expect(found[0]?.title).toBe(`${construct} cannot be read statically`);
    expect(found[0]?.place?.span.start.line).toBe(4);
    expect(diagnostics.filter(({ code }) => code !== 'unsupported-construct')).toEqual([]);
  });

  it.each([
    ['const n = await 1;', 'await'],
    ["const n = import('./a.ts');", 'import()'],
    ['const n = import.meta.url;', 'import.meta'],
    ['const n = Math.random();', 'Math.random'],
    ['const n = Date.now();', '`Date`'],
    ['console.log(1);', '`console`'],
    ['const n = process.argv;', '`process`'],
  ])('%s is not static', (body, expression) => {
    const { diagnostics } = readBody(`${body}\nout = dense(x, { units: 2 });`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['non-static-expression']);
    expect(diagnostics[0]?.title.startsWith(`${expression} `)).toBe(true);
  });

  it('are found in code that is never reached, and inside one another', () => {
    const { diagnostics } = readBody(
      'function never() { while (true) { var n = new Map(); } }\nout = dense(x, { units: 2 });',
    );
    expect(diagnostics.map(({ title }) => title.split(' ')[0])).toEqual(['`while`', '`var`', '`new`']);
  });

  it('leave types alone', () => {
    const body = `type A = { readonly a: number };
interface B extends A { b?: string }
declare const outside: number;
function over(n: number): number;
function over(this: void, n: number) { return n; }
const f = <T,>(value: T): T => value;
const n = f<number>(2)! as number satisfies number;
const m = <number>n;
abstract: { }
out = dense(x, { units: over(m) });`.replace('abstract: { }\n', '');
    const { diagnostics } = readBody(body);
    expect(diagnostics).toEqual([]);
  });
});
