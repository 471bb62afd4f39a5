import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../compiler/2-graph/check-graph.ts';
import { parseGraph } from '../../../compiler/2-graph/parse-graph.ts';
import { InternalError } from '../../../compiler/shared/assert.ts';

const good = `
  ball linf 0.1 in [0, 1]
  image = input() : [4, 4, 3]
  pixels = normalize(image) {mean: [0, 0, 0], std: [1, 1, 1]} : [4, 4, 3]
  conv = conv2d(pixels) {filters: 2, kernelSize: [3, 3], strides: [1, 2], padding: [1, 1, 1, 0], useBias: true} : [4, 2, 2]
  act = relu(conv) : [4, 2, 2]
  sum = add(act, conv) : [4, 2, 2]
  folded = reshape(sum) : [2, 4, 2]
  flat = flatten(folded) : [16]
  logits = dense(flat) {units: 3, useBias: false} : [3]
  output logits`;

describe('checkGraph', () => {
  it('accepts a graph that keeps the rules', () => {
    expect(() => checkGraph(parseGraph(good))).not.toThrow();
  });

  it.each([
    ['a shape', 'act = relu(conv) : [4, 2, 2]', 'act = relu(conv) : [4, 2, 3]'],
    [
      'the shape of a convolution',
      '[1, 1, 1, 0], useBias: true} : [4, 2, 2]',
      '[0, 0, 1, 0], useBias: true} : [4, 2, 2]',
    ],
    ['the size of a reshape', 'reshape(sum) : [2, 4, 2]', 'reshape(sum) : [2, 4, 3]'],
    ['an input that does not exist', 'add(act, conv)', 'add(act, cov)'],
    ['an addition of one layer', 'add(act, conv)', 'add(act)'],
    ['a name that is taken', 'act = relu', 'conv = relu'],
    ['a name that is none', 'act = relu', '_a = relu'],
    ['an output that does not exist', 'output logits', 'output logit'],
    ['an output that is no vector', 'output logits', 'output folded'],
    ['a layer that is not used', 'output logits', 'idle = relu(flat) : [16]\n output logits'],
    ['a second input', 'output logits', 'more = input() : [3]\n both = add(logits, more) : [3]\n output both'],
    ['a deviation of zero', 'std: [1, 1, 1]', 'std: [1, 0, 1]'],
    ['too few channels', 'mean: [0, 0, 0]', 'mean: [0, 0]'],
    ['a radius of zero', 'linf 0.1', 'linf 0'],
    ['an empty box', 'in [0, 1]', 'in [1, 1]'],
  ])('refuses %s', (_, before, after) => {
    expect(good).toContain(before);
    expect(() => checkGraph(parseGraph(good.replace(before, after)))).toThrow(InternalError);
  });

  it('names the line that cannot be read', () => {
    expect(() => parseGraph('x = input() : [4]\nwhat is this\noutput x')).toThrow(/line 2 .*what is this/);
    expect(() => parseGraph('x = pool() : [4]\noutput x')).toThrow(/pool/);
  });
});
