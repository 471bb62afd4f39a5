import { describe, expect, it } from 'vitest';
import { parametersOf } from '../../../compiler/2-graph/parameters.ts';
import { parseGraph } from '../../../compiler/2-graph/parse-graph.ts';
import type { OrderBlock } from '../../../compiler/2-graph/pytorch-order.ts';

const conv = (filters: number, kernel: number): string =>
  `{filters: ${filters}, kernelSize: [${kernel}, ${kernel}], strides: [1, 1], padding: [0, 0, 0, 0], useBias: false}`;
const dense = (units: number): string => `{units: ${units}, useBias: true}`;

/** Of the parameter `<layer>.weight` of a graph in text form; the last dense layer is called `logits`. */
function storageOf(text: string, layer = 'logits') {
  const graph = parseGraph(`${text}\noutput logits`);
  const parameter = parametersOf(graph).find(({ name }) => name === `${layer}.weight`);
  return parameter!.pytorch;
}

const runs = (text: string, layer?: string): readonly OrderBlock[] | undefined => storageOf(text, layer).inputs?.runs;

describe('parametersOf', () => {
  it('lists kernels and biases with shapes, fans and axes', () => {
    const graph = parseGraph(`
      x = input() : [4, 4, 3]
      c = conv2d(x) {filters: 5, kernelSize: [3, 2], strides: [1, 1], padding: [0, 0, 0, 0], useBias: true} : [2, 3, 5]
      flat = flatten(c) : [30]
      logits = dense(flat) ${dense(2)} : [2]
      output logits`);
    expect(parametersOf(graph)).toEqual([
      {
        name: 'c.weight',
        layer: 'c',
        shape: [3, 2, 3, 5],
        kind: 'trained',
        initial: { kind: 'kernel', fanIn: 18, fanOut: 30 },
        pytorch: { axes: [3, 2, 0, 1] },
      },
      {
        name: 'c.bias',
        layer: 'c',
        shape: [5],
        kind: 'trained',
        initial: { kind: 'bias', fanIn: 18 },
        pytorch: { axes: [0] },
      },
      {
        name: 'logits.weight',
        layer: 'logits',
        shape: [30, 2],
        kind: 'trained',
        initial: { kind: 'kernel', fanIn: 30, fanOut: 2 },
        pytorch: { axes: [1, 0], inputs: { axis: 0, runs: [[6, 5]] } },
      },
      {
        name: 'logits.bias',
        layer: 'logits',
        shape: [2],
        kind: 'trained',
        initial: { kind: 'bias', fanIn: 30 },
        pytorch: { axes: [0] },
      },
    ]);
  });
});

describe('a dense kernel behind a map is permuted', () => {
  it.each([
    ['reshape', 'v = reshape(x) : [12]'],
    ['reshape of a reshape', 'a = reshape(x) : [4, 3]\nb = reshape(a) : [6, 2]\nv = reshape(b) : [12]'],
    ['relu behind a reshape', 'a = reshape(x) : [12]\nv = relu(a) : [12]'],
    ['relu before a flatten', 'a = relu(x) : [2, 2, 3]\nv = flatten(a) : [12]'],
    ['a sum of two flattened maps', 'a = flatten(x) : [12]\nb = relu(a) : [12]\nv = add(a, b) : [12]'],
    ['a map that became another and was flattened', 'a = reshape(x) : [1, 3, 4]\nv = flatten(a) : [12]'],
  ])('%s', (_, chain) => {
    expect(runs(`x = input() : [2, 2, 3]\n${chain}\nlogits = dense(v) ${dense(2)} : [2]`)).toEqual([[4, 3]]);
  });

  it.each([
    ['a vector', 'x = input() : [12]\nv = relu(x) : [12]'],
    ['a map of one channel', 'x = input() : [3, 4, 1]\nv = flatten(x) : [12]'],
    ['a map of one position', 'x = input() : [1, 1, 12]\nv = flatten(x) : [12]'],
    [
      'what a dense layer made of a map',
      `x = input() : [2, 2, 3]\na = flatten(x) : [12]\nv = dense(a) ${dense(12)} : [12]`,
    ],
  ])('not behind %s', (_, chain) => {
    expect(storageOf(`${chain}\nlogits = dense(v) ${dense(2)} : [2]`)).toEqual({ axes: [1, 0] });
  });
});

describe('a convolution', () => {
  it('of a flattened map at one position has its channels permuted', () => {
    const text = `
      x = input() : [2, 2, 3]
      v = reshape(x) : [1, 1, 12]
      c = conv2d(v) ${conv(2, 1)} : [1, 1, 2]
      logits = flatten(c) : [2]`;
    expect(storageOf(text, 'c')).toEqual({ axes: [3, 2, 0, 1], inputs: { axis: 2, runs: [[4, 3]] } });
  });

  it.each([
    ['a map made of another', 'x = input() : [4, 4, 2]\nv = reshape(x) : [2, 2, 8]'],
    ['a vector made into a map', 'x = input() : [32]\nv = reshape(x) : [2, 2, 8]'],
  ])('of %s is refused, with layer and line', (_, chain) => {
    const text = `${chain}\nc = conv2d(v) ${conv(2, 2)} : [1, 1, 2]\nlogits = flatten(c) : [2]`;
    expect(storageOf(text, 'c').refused).toBe(
      'c (test.arch.ts:3) reads numbers as a map that PyTorch arranges as another map',
    );
  });
});

describe('a sum of numbers in different orders is refused', () => {
  const branches = `
    x = input() : [2, 2, 3]
    a = flatten(x) : [12]
    b = dense(a) ${dense(12)} : [12]
    sum = add(a, b) : [12]`;
  const why = 'sum (test.arch.ts:5) adds up numbers that PyTorch has in different orders';

  it('where a kernel reads it, through whatever comes between', () => {
    const text = `${branches}\nr = relu(sum) : [12]\nv = reshape(r) : [3, 4]\nw = flatten(v) : [12]\nlogits = dense(w) ${dense(2)} : [2]`;
    expect(storageOf(text).refused).toBe(why);
    expect(storageOf(text, 'b').refused).toBeUndefined();
  });

  it('where it is the logits, at the last parameter', () => {
    const parameters = parametersOf(parseGraph(`${branches}\noutput sum`));
    expect(parameters.map(({ pytorch }) => pytorch.refused)).toEqual([undefined, why]);
  });
});

it('logits that are a flattened map have their classes in another order', () => {
  const text = `x = input() : [2, 2, 3]\nc = conv2d(x) ${conv(3, 1)} : [2, 2, 3]\nlogits = flatten(c) : [12]`;
  expect(storageOf(text, 'c').refused).toBe('logits (test.arch.ts:3) has the classes in another order in PyTorch');
});
