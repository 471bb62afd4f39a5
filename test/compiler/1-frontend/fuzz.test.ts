import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnosticCodes } from '../../../compiler/diagnostics/catalog.ts';
import { sourceReader } from '../../../compiler/diagnostics/read-source.ts';
import { renderDiagnostics } from '../../../compiler/diagnostics/render.ts';
import { diagnosticsToJson } from '../../../compiler/diagnostics/to-json.ts';
import { readTexts } from '../../support/read-network.ts';
import { samplesNamed } from '../../support/sample-suite.ts';

const corpus = [...samplesNamed('graph-'), ...samplesNamed('error-')]
  .filter(({ entry, name }) => entry === 'input.arch.ts' && name !== 'nested-too-deeply')
  .map(({ folder, entry }) => readFileSync(join(folder, entry), 'utf8'));
const tokens = corpus.map(text => text.match(/\s+|[A-Za-z_$][\w$]*|\d+(?:\.\d+)?|'[^'\n]*'|./gu) ?? []);
const everyToken = [...new Set(tokens.flat())];
const strange = [
  '\0',
  '\uFFFF',
  '\uD800',
  '`${',
  '/*',
  '*/',
  '<',
  '=>',
  '...',
  '?.',
  '#x',
  '@d',
  '0n',
  '/a/',
  'new',
  'async ',
  'yield',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
];

/** One change at a place that is given as a fraction of the text. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('delete', 'repeat', 'replace', 'insert', 'swap'),
  token: fc.oneof(
    fc.constantFrom(...everyToken),
    fc.constantFrom(...strange),
    fc.string({ maxLength: 4, unit: 'binary' }),
  ),
  count: fc.integer({ min: 1, max: 5 }),
});
type Edit = typeof edit extends fc.Arbitrary<infer One> ? One : never;

function applyEdit(parts: readonly string[], { at, kind, token, count }: Edit): string[] {
  const index = Math.floor(at * parts.length);
  const [before, chosen, after] = [
    parts.slice(0, index),
    parts.slice(index, index + count),
    parts.slice(index + count),
  ];
  switch (kind) {
    case 'delete':
      return [...before, ...after];
    case 'repeat':
      return [...before, ...chosen, ...chosen, ...after];
    case 'replace':
      return [...before, token, ...after];
    case 'insert':
      return [...before, token, ...chosen, ...after];
    case 'swap':
      return [...before, ...chosen.toReversed(), ...after];
  }
}

const limits = { steps: 20_000, layers: 500, nestedCalls: 60 };

/** Reading either gives a graph or reports; what it reports can be shown. Throws when the reader does. */
function readAndShow(text: string): void {
  const { graph, diagnostics } = readTexts({ 'input.arch.ts': text }, { limits });
  expect(graph === undefined).toBe(diagnostics.some(({ severity }) => severity !== 'warning'));
  for (const { code, title, place } of diagnostics) {
    expect(diagnosticCodes).toContain(code);
    expect(title.length).toBeLessThan(1000);
    expect(place === null || place.span.start.line >= 1).toBe(true);
  }
  expect(renderDiagnostics(diagnostics, () => text).length > 0).toBe(diagnostics.length > 0);
  expect(() => JSON.parse(diagnosticsToJson(diagnostics))).not.toThrow();
}

describe('odd architecture files', () => {
  it('are read or reported, never a crash, when valid ones are changed at random', () => {
    const mutated = fc.tuple(fc.nat({ max: tokens.length - 1 }), fc.array(edit, { minLength: 1, maxLength: 4 }));
    fc.assert(
      fc.property(mutated, ([which, edits]) => {
        readAndShow(edits.reduce<string[]>(applyEdit, [...tokens[which]!]).join(''));
      }),
      { numRuns: 1500 },
    );
  });

  it('are read or reported when they are no programs at all', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200, unit: 'binary' }), readAndShow), { numRuns: 300 });
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...everyToken, ...strange), { maxLength: 60 }), parts =>
        readAndShow(parts.join(' ')),
      ),
      { numRuns: 300 },
    );
  });

  it('are reported when they are empty or binary', () => {
    const { diagnostics } = readTexts({ 'input.arch.ts': '' });
    expect(diagnostics.map(({ code }) => code)).toEqual(['no-network']);
    expect(renderDiagnostics(diagnostics, sourceReader())).toContain('input.arch.ts:1:1');
    readAndShow(Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 167) % 256)).toString('utf8'));
  });
});
