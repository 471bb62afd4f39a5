import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readNetwork, readTexts } from '../../support/read-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'dualc-hash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const block = "import { relu, type Layer } from 'dualc';\nexport const block = (x: Layer): Layer => relu(x);\n";
const main = `import { conv2d, dense, flatten, input, linf, network, normalize } from 'dualc';
import { block } from './block.arch.ts';
const x = input([4, 4, 1]);
const scaled = normalize(x, { mean: 0.5, std: 0.25 });
const conv1 = conv2d(scaled, { filters: 2, kernelSize: 3, padding: 1 });
const logits = dense(flatten(block(conv1)), { units: 2 });
export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
`;

function hashOf(texts: Readonly<Record<string, string>>): string | undefined {
  const { graph, diagnostics } = readTexts(texts);
  expect(diagnostics).toEqual([]);
  return graph?.sourceHash;
}
const changed = (from: string, to: string): string | undefined => {
  expect(main).toContain(from);
  return hashOf({ 'main.arch.ts': main.replace(from, to), 'block.arch.ts': block });
};

describe('the hash of a network', () => {
  const expected = hashOf({ 'main.arch.ts': main, 'block.arch.ts': block });

  it('is SHA-256', () => expect(expected).toMatch(/^[0-9a-f]{64}$/));

  it.each([
    ['a comment', 'const x =', '// The picture.\nconst x ='],
    ['spaces and line breaks', 'filters: 2, kernelSize: 3', '\n  filters:2,\r\n  kernelSize:   3'],
    [
      'another way to write a value',
      'kernelSize: 3, padding: 1',
      "kernelSize: [3, 6 / 2], strides: 1, padding: 'same'",
    ],
    ['the ball', 'linf({ epsilon: 0.1, box: [0, 1] })', 'linf({ epsilon: 0.2 })'],
    [
      'a layer that nothing needs is no part of it',
      'const logits',
      "import { relu as unused } from 'dualc';\nconst logits",
    ],
  ])('is the same after %s', (_, from, to) => expect(changed(from, to)).toBe(expected));

  it.each([
    ['a size', 'filters: 2', 'filters: 3'],
    ['strides', 'padding: 1', 'padding: 1, strides: 2'],
    ['a bias', 'padding: 1', 'padding: 1, useBias: false'],
    ['a padding that gives the same shape', 'padding: 1', 'padding: { top: 2, left: 1, right: 1 }'],
    ['numbers of a normalization', 'std: 0.25', 'std: 0.26'],
    [
      'a name, which weights are saved under',
      'const conv1 = conv2d(scaled, {',
      "const conv1 = conv2d(scaled, { name: 'first',",
    ],
    ['a connection', 'conv2d(scaled', 'conv2d(normalize(x, { mean: 0, std: 1 })'],
  ])('changes with %s', (what, from, to) => {
    if (what === 'a connection') {
      const { graph } = readTexts({ 'main.arch.ts': main.replace(from, to), 'block.arch.ts': block });
      expect(graph?.sourceHash).not.toBe(expected);
    } else expect(changed(from, to)).not.toBe(expected);
  });

  it('changes with an imported file', () => {
    const twice = block.replace('relu(x);', 'relu(relu(x));');
    expect(hashOf({ 'main.arch.ts': main, 'block.arch.ts': twice })).not.toBe(expected);
    expect(hashOf({ 'main.arch.ts': main, 'block.arch.ts': `// Blocks.\n${block}` })).toBe(expected);
  });

  it('does not depend on where the files lie; what is shown does', () => {
    mkdirSync(join(folder, 'deep/inside'), { recursive: true });
    const crlf = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    writeFileSync(join(folder, 'deep/inside/main.arch.ts'), crlf(main));
    writeFileSync(join(folder, 'deep/inside/block.arch.ts'), crlf(block));
    const { graph } = readNetwork('deep/inside/main.arch.ts', { folder });
    expect(graph?.sourceHash).toBe(expected);
    expect(graph?.source).toBe('deep/inside/main.arch.ts');
    expect(graph?.layers[3]?.span.file).toBe('deep/inside/block.arch.ts');
  });
});
