import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { byPlace } from '../../../compiler/diagnostics/by-place.ts';
import { sourceReader } from '../../../compiler/diagnostics/read-source.ts';
import { renderDiagnostics } from '../../../compiler/diagnostics/render.ts';
import { codesOf, readBody, readNetwork } from '../../support/read-network.ts';
import { expectGolden, type Sample, samplesFolder } from '../../support/sample-suite.ts';

const sample: Sample = { name: 'many-errors', folder: join(samplesFolder, 'many-errors'), entry: 'input.arch.ts' };

const linesFrom = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Mistakes by line of the sample: two names that dualc does not have, then one on each line down to the comment but one, and the two outputs. */
const mistakes = new Map([
  [1, 2],
  ...[2, 3, ...linesFrom(5, 29), ...linesFrom(31, 44), 50].map((line): [number, number] => [line, 1]),
]);

describe('a file with many errors', () => {
  const { graph, diagnostics } = readNetwork(sample.entry, { folder: sample.folder });

  it('reports all of them at once', () => {
    expect(graph).toBeUndefined();
    expect(diagnostics.length).toBeGreaterThanOrEqual(40);
    expectGolden(sample, 'diagnostics.txt', renderDiagnostics(diagnostics, sourceReader(sample.folder)));
  });

  it('reports each where it is, once, and nothing that follows from it', () => {
    const perLine = new Map<number, number>();
    for (const { place } of byPlace(diagnostics)) {
      const line = place!.span.start.line;
      perLine.set(line, (perLine.get(line) ?? 0) + 1);
    }
    expect(perLine).toEqual(mistakes);
  });
});

describe('what follows from an error', () => {
  it.each([
    ['a value', 'const n = nowhere; const m = n * 2 + [n][0]; out = dense(x, { units: m });', 'undefined-variable'],
    ['a layer', 'const h = relu(x, { nme: 1 }); out = dense(add(h, h), { units: 2 });', 'unknown-option'],
    [
      'a shape',
      'const h = conv2d(x, { filters: 2, kernelSize: 2 }); out = dense(flatten(add(h, x)), { units: 2 });',
      'wrong-rank',
    ],
    ['a branch', 'let n = 2; if (nowhere) { n = 3; } else n = 0; out = dense(x, { units: n });', 'undefined-variable'],
    [
      'a branch that returns',
      'const f = () => { if (nowhere) return 3; return 0; }; out = dense(x, { units: f() });',
      'undefined-variable',
    ],
    ['a loop', 'let n = 0; for (const i of nowhere) { n += i; } out = dense(x, { units: n });', 'undefined-variable'],
    [
      'a list that is filled',
      'const list = []; for (const i of nowhere) list.push(i); out = dense(x, { units: list[0] });',
      'undefined-variable',
    ],
    [
      'a condition',
      'let n = 0; const k = nowhere ? (n = 1) : 2; out = dense(x, { units: n + k });',
      'undefined-variable',
    ],
    ['a spread', 'out = dense(add(...nowhere, x), { units: 2 });', 'undefined-variable'],
    ['options', 'const o = { units: 2, ...nowhere }; out = dense(x, o);', 'undefined-variable'],
    ['a pattern', 'const { a, b: [c] } = nowhere; out = dense(x, { units: a + c });', 'undefined-variable'],
    ['a call', 'const f = nowhere(x); out = dense(f(x).y, { units: 2 });', 'undefined-variable'],
    ['an element', 'const list = [2, 3]; list[nowhere] = 0; out = dense(x, { units: list[0] });', 'undefined-variable'],
    ['a construct', 'let n = 0; while (n < 2) { n++; } out = dense(x, { units: n });', 'unsupported-construct'],
    ['a class', 'class A {} const n = A.size; out = dense(x, { units: n });', 'unsupported-construct'],
    [
      'a function that is called often',
      'const f = y => relu(y, { nme: 1 }); out = dense(f(f(f(x))), { units: 2 });',
      'unknown-option',
    ],
  ])('%s: one report', (_, body, code) => {
    expect(codesOf(readBody(body))).toEqual([code]);
  });
});
