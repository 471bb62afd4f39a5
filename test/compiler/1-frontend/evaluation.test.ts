import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { programResult, programStart, statements } from '../../support/arbitrary-programs.ts';
import { codesOf, readBody } from '../../support/read-network.ts';

/** What the static reader computes for a list of numbers. */
function readNumbers(program: string, result: string): { codes: string[]; numbers: readonly number[] | undefined } {
  const read = readBody(`${program}\nnormalize(x, { mean: ${result}, std: 1 });\nout = dense(x, { units: 2 });`);
  const call = read.ast?.calls.find(({ kind }) => kind === 'normalize');
  const mean = call?.kind === 'normalize' ? call.attributes?.mean : undefined;
  const codes = codesOf(read).filter(code => code !== 'unused-layer' && code !== 'channel-count-mismatch');
  return { codes, numbers: typeof mean === 'number' ? [mean] : mean };
}

/** What JavaScript computes. Only programs made in this file and in `arbitrary-programs.ts` are run. */
const runNumbers = (program: string, result: string): unknown => new Function(`${program}\nreturn ${result};`)();

/** Where the reader is stricter than JavaScript, on purpose. */
const stricter = [
  'not-finite',
  'index-out-of-bounds',
  'unknown-property',
  'wrong-operand',
  'work-limit',
  'not-in-float32',
];
/** Where JavaScript throws. */
const thrown = ['used-before-definition'];

describe('evaluation', () => {
  it('agrees with JavaScript on random programs, or says why it does not compute', () => {
    let computed = 0;
    let runs = 0;
    fc.assert(
      fc.property(statements, lines => {
        runs++;
        const program = `${programStart}${lines}`;
        const { codes, numbers } = readNumbers(program, programResult);
        if (codes.length > 0) {
          for (const code of codes) expect([...stricter, ...thrown]).toContain(code);
          return;
        }
        computed++;
        expect(numbers).toEqual(runNumbers(program, programResult));
      }),
      { numRuns: 1500, seed: 20_180_812 },
    );
    expect(computed).toBeGreaterThan(runs / 2);
  });

  it.each([
    [
      'closures keep the variable of their turn',
      'const f = []; for (let i = 0; i < 3; i++) f.push(() => i);',
      '[f[0](), f[2]()]',
    ],
    ['closures see later changes', 'let n = 1; const f = () => n; n = 5;', '[f()]'],
    ['functions are known before their declaration', 'const n = f(2); function f(k) { return k + 1; }', '[n]'],
    ['inner names hide outer ones', 'let n = 1; { let n = 2; n++; } const f = n => n * 10;', '[n, f(3)]'],
    ['defaults see earlier parameters', 'const f = (p, q = p * 2, { r = q + 1 } = {}) => [p, q, r];', 'f(1)'],
    [
      'undefined takes the default, null does not',
      'const f = (p = 1) => (p === null ? 0 : p);',
      '[f(undefined), f(null), f()]',
    ],
    ['rest and spread', 'const f = (first, ...rest) => [rest.length, first, ...rest];', 'f(...[1, 2], 3)'],
    [
      'the index of a place is evaluated once',
      'const list = [0, 0]; let i = 0; list[i++] += 5; list[i] = i;',
      '[i, ...list]',
    ],
    ['the place comes before the value', 'const list = [0, 0]; let i = 0; list[i] = i = 1;', 'list'],
    ['logical assignments', 'let p; p ??= 3; let q = 0; q ||= 4; let r = 1; r &&= 5;', '[p, q, r]'],
    [
      'the chain stops as a whole',
      'const o = undefined; const p = o?.a.b.c ?? 7; const g = null; const q = g?.(1)[0] ?? 8;',
      '[p, q]',
    ],
    ['methods of objects', 'const o = { n: 2, f(k) { return k + o.n; } };', '[o.f(1)]'],
    [
      'computed keys and copies',
      "const k = 'a'; const o = { [k + 1]: 1, b: 2 }; const { a1, ...r } = { ...o, b: 3 };",
      '[a1, r.b]',
    ],
    [
      'objects are shared, copies are not',
      'const o = { n: 1 }; const p = o; const q = { ...o }; p.n = 9;',
      '[o.n, q.n]',
    ],
    [
      'texts',
      `const t = \`\${1}-\${true}\` + 'x'; const u = [1, 2].join('');`,
      '[t.length, u.length, ["a", "b"].indexOf("b")]',
    ],
    ['swapping', 'let p = 1, q = 2; [p, q] = [q, p];', '[p, q]'],
    ['continue still counts', 'let n = 0; for (let i = 0; i < 4; i++) { if (i % 2) continue; n += i; }', '[n]'],
    [
      'only the inner loop is left',
      'let n = 0; for (const i of [1, 2]) for (const j of [1, 2, 3]) { if (j > i) break; n += j; }',
      '[n]',
    ],
    [
      'a list that grows while it is walked',
      'const l = [1, 2]; for (const i of l) if (l.length < 5) l.push(i * 10);',
      'l',
    ],
    [
      'an iterator sees a list grow',
      'const l = [1, 2]; for (const [i, v] of l.entries()) if (i < 2) l.push(v * 10);',
      'l',
    ],
    [
      'an iterator is drawn once',
      'const l = [4, 5, 6]; const e = l.entries(); const [[i, v]] = e; const r = [...e];',
      '[i, v, r.length, ...e]',
    ],
    ['at counts from the end', 'const l = [1, 2, 3];', '[l.at(-1), l.at(0), l.at(-3)]'],
    ['signs of zero and remainders', '', '[-7 % 3, 7 % -3, 2 ** 10, 7 / 2]'],
  ])('%s', (_, program, result) => {
    const { codes, numbers } = readNumbers(program, result);
    expect(codes).toEqual([]);
    expect(numbers).toEqual(runNumbers(program, result));
  });
});
