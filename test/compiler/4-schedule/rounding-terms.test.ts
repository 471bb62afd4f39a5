/** How often each kind of layer rounds, counted by hand. */
import { describe, expect, it } from 'vitest';
import { BoundsRequestError } from '../../../compiler/4-schedule/bounds-request.ts';
import { printRoundings } from '../../../compiler/4-schedule/print-roundings.ts';
import { roundingTable } from '../../../compiler/4-schedule/rounding-terms.ts';
import { textGraph } from '../../support/text-graph.ts';

const graph = textGraph(`ball linf 0.1
  image = input() : [5, 6, 2]
  scaled = normalize(image) {mean: [0.1, 0.2], std: [0.5, 0.25]} : [5, 6, 2]
  conv1 = conv2d(scaled) {filters: 3, kernelSize: [3, 2], strides: [2, 1], padding: [1, 1, 1, 0], useBias: true} : [3, 6, 3]
  conv2 = conv2d(scaled) {filters: 3, kernelSize: [3, 2], strides: [2, 1], padding: [1, 1, 1, 0], useBias: false} : [3, 6, 3]
  joined = add(conv1, conv2, conv1) : [3, 6, 3]
  relu1 = relu(joined) : [3, 6, 3]
  flat = flatten(relu1) : [54]
  logits = dense(flat) {units: 4, useBias: true} : [4]
  output logits`);

describe('roundingTable', () => {
  it('counts the products and additions that one term passes', () => {
    expect(Object.fromEntries(roundingTable(graph))).toEqual({
      image: { forward: 0, products: 0, backward: 0, readers: 1 },
      // The mean and its subtraction, the factor and its product; backward the latter two.
      scaled: { forward: 4, products: 0, backward: 2, readers: 2 },
      // 3·2·2 products and the bias; an entry lies in 2·2 windows at most, each of 3 filters.
      conv1: { forward: 13, products: 12, backward: 12, readers: 2 },
      conv2: { forward: 12, products: 12, backward: 12, readers: 1 },
      joined: { forward: 2, products: 0, backward: 0, readers: 1 },
      relu1: { forward: 0, products: 0, backward: 0, readers: 1 },
      flat: { forward: 0, products: 0, backward: 0, readers: 1 },
      logits: { forward: 55, products: 54, backward: 4, readers: 0 },
    });
  });

  it('is printed with a line for each layer', () => {
    const text = printRoundings({ kind: 'float32', roundings: roundingTable(graph) });
    expect(text).toContain('  conv1        forward 13, 12 of them with a product; backward 12; readers 2\n');
    expect(printRoundings({ kind: 'real' })).toBe('real numbers: nothing is rounded\n');
  });

  it('refuses sums that float32 cannot bound', () => {
    const wide = textGraph(`ball linf 0.1
      x = input() : [5000000]
      logits = dense(x) {units: 2, useBias: true} : [2]
      output logits`);
    expect(() => roundingTable(wide)).toThrow(BoundsRequestError);
    expect(() => roundingTable(wide)).toThrow(/logits adds up 5000001 terms|x adds up 5000000 terms/);
  });
});
