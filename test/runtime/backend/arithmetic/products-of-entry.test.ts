import { describe, expect, it } from 'vitest';
import { createBuilder } from '../../../../compiler/5-program/builder.ts';
import { interpret } from '../../../../compiler/5-program/interpret.ts';
import { exactSum } from '../../../../runtime/backend/arithmetic/exact-sums.ts';
import { geometryCases } from '../../../../runtime/backend/arithmetic/geometry.ts';
import { type Numbers, type SumOp, sizeOf } from '../../../../runtime/backend/arithmetic/probe-op.ts';
import { productsOf } from '../../../../runtime/backend/arithmetic/products-of-entry.ts';
import { mixed } from '../../../../runtime/backend/arithmetic/sample-numbers.ts';

type Operands = readonly [Numbers, Numbers];
const matMul = (transposeA: boolean, transposeB: boolean): SumOp => ({ kind: 'matMul', transposeA, transposeB });

const cases: readonly (readonly [string, SumOp, Operands])[] = [
  ...geometryCases.map(({ name, op, operands }) => [name, op, operands as Operands] as const),
  [
    'transposed convolution, strides and padding differ',
    { kind: 'transposedConv2d', inputSize: [7, 6], strides: [3, 1], padding: [0, 1, 2, 0] },
    [mixed(1, 2, 2, 6, 2), mixed(2, 4, 3, 3, 2)],
  ],
  ['matrix product', matMul(false, false), [mixed(3, 4, 5), mixed(4, 5, 3)]],
  ['matrix product, both transposed', matMul(true, true), [mixed(5, 5, 4), mixed(6, 3, 5)]],
  ['matrix products, one for each', matMul(false, false), [mixed(7, 2, 4, 5), mixed(8, 2, 5, 3)]],
  ['norms, rows shared', { kind: 'rowNorms', rows: 4 }, [mixed(9, 4, 3, 2), mixed(10, 3, 3, 2)]],
  ['norms, rows of their own', { kind: 'rowNorms', rows: 4 }, [mixed(11, 12, 6), mixed(12, 3, 6)]],
];

describe('the products of an entry', () => {
  it.each(cases)('are those of the reference interpreter: %s', (name, op, operands) => {
    const b = createBuilder();
    const args = operands.map(({ shape }, i) => b.append({ kind: 'param', name: `operand${i}`, shape }));
    const program = b.finish(name, { result: b.append(op as Parameters<typeof b.append>[0], args) });
    const params = Object.fromEntries(operands.map(({ data }, i) => [`operand${i}`, Float64Array.from(data)]));
    const { result } = interpret(program, { batchSize: 1, inputs: {}, params });
    const products = productsOf(op, operands[0].shape, operands[1].shape);
    expect(sizeOf(products.shape)).toBe(result!.data.length);
    expect(products.shape).toEqual(result!.shape);
    for (const [entry, value] of result!.data.entries()) {
      const { exact, magnitude, count } = exactSum(op, products, ...operands, entry);
      expect(Math.abs(exact - value)).toBeLessThanOrEqual((count + 1) * 2 ** -52 * magnitude);
    }
  });
});
