/** What `averagePool2d`, `leakyRelu` and `concat` take in an architecture file, what becomes of it, and what is refused. */
import { describe, expect, it } from 'vitest';
import { readTexts } from '../../support/read-network.ts';

const words = 'averagePool2d, concat, conv2d, dense, flatten, input, leakyRelu, linf, network, relu';

function read(statements: string) {
  const text = `import { ${words} } from 'dualc';
const x = input([7, 5, 2]);
${statements}
const logits = dense(flatten(layer), { units: 2 });
export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1 }) });`;
  const { graph, diagnostics } = readTexts({ 'net.arch.ts': text });
  return { layer: graph?.layers.find(({ id }) => id === 'layer'), codes: diagnostics.map(({ code }) => code) };
}

const padding = (top: number, bottom: number, left: number, right: number) => ({ top, bottom, left, right });

describe('averagePool2d', () => {
  it.each([
    // Windows lie side by side; what they do not fill is left out, as in Keras and PyTorch.
    ['poolSize: 2', { shape: [3, 2, 2], poolSize: [2, 2], strides: [2, 2], padding: padding(0, 0, 0, 0) }],
    ['poolSize: [3, 2], strides: 1', { shape: [5, 4, 2], poolSize: [3, 2], strides: [1, 1] }],
    ["poolSize: 2, padding: 'same'", { shape: [4, 3, 2], strides: [2, 2], padding: padding(0, 1, 0, 1) }],
    ['poolSize: 3, strides: 2, padding: 1', { shape: [4, 3, 2], padding: padding(1, 1, 1, 1), countPadding: false }],
    ['poolSize: [7, 5], countPadding: true', { shape: [1, 1, 2], countPadding: true }],
  ])('{ %s }', (options, expected) => {
    const { layer, codes } = read(`const layer = averagePool2d(x, { ${options} });`);
    expect(codes).toEqual([]);
    expect(layer).toMatchObject({ kind: 'averagePool2d', ...expected });
  });

  it.each([
    ['poolSize: 2, padding: 2', 'out-of-range'],
    ['poolSize: [3, 1], padding: 1', 'out-of-range'],
    ['poolSize: 8', 'kernel-too-large'],
    ['strides: 2', 'missing-option'],
    ['poolSize: 0', 'non-positive-size'],
    ['poolSize: 2, countPadding: 1', 'wrong-type'],
  ])('refuses { %s }', (options, code) => {
    expect(read(`const layer = averagePool2d(x, { ${options} });`).codes).toEqual([code]);
  });

  it('refuses a vector', () => {
    expect(read('const layer = averagePool2d(flatten(x), { poolSize: 2 });').codes).toEqual(['wrong-rank']);
  });
});

describe('leakyRelu', () => {
  it.each([0, 0.1, 1])('has the float32 slope next to %s', slope => {
    const { layer, codes } = read(`const layer = leakyRelu(x, { negativeSlope: ${slope} });`);
    expect(codes).toEqual([]);
    expect(layer).toMatchObject({ kind: 'leakyRelu', shape: [7, 5, 2], negativeSlope: Math.fround(slope) });
  });

  it.each([
    ['{ negativeSlope: -0.1 }', 'out-of-range'],
    ['{ negativeSlope: 1.1 }', 'out-of-range'],
    ['{ negativeSlope: 1e-50 }', 'not-in-float32'],
    ['{}', 'missing-option'],
    ['{ alpha: 0.1 }', 'unknown-option'],
  ])('refuses %s', (options, code) => {
    expect(read(`const layer = leakyRelu(x, ${options});`).codes).toContain(code);
  });
});

describe('concat', () => {
  it('joins channels of maps and entries of vectors, one layer twice too', () => {
    const { layer } = read('const layer = concat(x, relu(x), conv2d(x, { filters: 3, kernelSize: 1 }), x);');
    expect(layer).toMatchObject({ kind: 'concat', shape: [7, 5, 9] });
    expect(layer?.inputs).toHaveLength(4);
    expect(read('const layer = concat(flatten(x), dense(flatten(x), { units: 3 }));').layer?.shape).toEqual([73]);
  });

  it.each([
    ['concat(x)', 'wrong-operand-count'],
    ['concat(x, flatten(x))', 'concat-shape-mismatch'],
    ['concat(x, conv2d(x, { filters: 2, kernelSize: 2 }))', 'concat-shape-mismatch'],
  ])('refuses %s', (call, code) => {
    expect(read(`const layer = ${call};`).codes).toEqual([code]);
  });
});
