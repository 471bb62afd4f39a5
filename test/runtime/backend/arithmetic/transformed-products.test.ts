/** The fast algorithms that the probes have to notice are right but for their rounding: what is noticed is the rounding. */
import { describe, expect, it } from 'vitest';
import { exactSum } from '../../../../runtime/backend/arithmetic/exact-sums.ts';
import type { SumOp } from '../../../../runtime/backend/arithmetic/probe-op.ts';
import { productsOf } from '../../../../runtime/backend/arithmetic/products-of-entry.ts';
import { mixed } from '../../../../runtime/backend/arithmetic/sample-numbers.ts';
import { fourier, strassen, tilesOf2, tilesOf4, winograd } from '../../../support/transformed-products.ts';

const conv2d: SumOp = { kind: 'conv2d', strides: [1, 1], padding: [1, 0, 2, 1] };
const matMul: SumOp = { kind: 'matMul', transposeA: false, transposeB: false };
const threes = [mixed(1, 2, 7, 8, 3), mixed(2, 3, 3, 3, 4)] as const;

describe('in numbers of one size', () => {
  it.each([
    ['Winograd, two by two', winograd(tilesOf2), conv2d, threes],
    ['Winograd, four by four', winograd(tilesOf4), conv2d, threes],
    ['Fourier', fourier, conv2d, [mixed(3, 2, 7, 8, 3), mixed(4, 5, 5, 3, 4)]],
    ['Strassen', strassen, matMul, [mixed(5, 64, 66), mixed(6, 66, 68)]],
  ] as const)('%s comes to the sums of products', (_name, own, op, operands) => {
    const products = productsOf(op, operands[0].shape, operands[1].shape);
    const found = own(op, operands)!;
    for (const [entry, value] of found.entries()) {
      const { exact } = exactSum(op, products, ...operands, entry);
      expect(Math.abs(value - exact)).toBeLessThan(1e-4);
    }
  });
});
