/** Matrix products, convolutions and sums of numbers of both signs, in the sizes for which backends have kernels of their own. */
import { measureSums, type SumCase } from './exact-sums.ts';
import type { Probe } from './probe.ts';
import type { Four, Numbers, Pair, SumOp } from './probe-op.ts';
import { mixed } from './sample-numbers.ts';

export const sumsOfProducts: Probe = {
  name: 'sums of products',
  assumes:
    'n products, rounded once each and added in any order, fused or not, in matMul, conv2d, its transpose, norms and sum',
  allowed: 'γ(n+1) of Σ|a·b|',
  run: async compute => ({ worst: await measureSums(compute, cases()) }),
};

const matMul = (transposeB = false, transposeA = false): SumOp => ({ kind: 'matMul', transposeA, transposeB });

const convolution = (
  [H, W, C, F]: Four,
  [kh, kw]: Pair,
  strides: Pair,
  pad: number,
  n = 1,
): Pick<SumCase, 'op' | 'operands'> => ({
  op: { kind: 'conv2d', strides, padding: [pad, pad, pad, pad] },
  operands: [mixed(H + 40, n, H, W, C), mixed(F + 41, kh, kw, C, F)],
});

/** Times a power of two. */
const scaled = (exponent: number, { shape, data }: Numbers): Numbers => ({
  shape,
  data: data.map(value => value * 2 ** exponent),
});

/** Built for each run: kept, they would be a megabyte that nobody needs any more. */
const cases = (): readonly SumCase[] => [
  { op: matMul(), operands: [mixed(42, 5, 3), mixed(43, 3, 7)] },
  { op: matMul(), operands: [mixed(44, 33, 65), mixed(45, 65, 17)], entries: 60 },
  { op: matMul(), operands: [mixed(46, 3, 1031), mixed(47, 1031, 9)] },
  { op: matMul(), operands: [mixed(48, 64, 200), mixed(49, 200, 64)], entries: 60 },
  { op: matMul(), operands: [mixed(50, 1, 3001), mixed(51, 3001, 1)] },
  { op: matMul(true), operands: [mixed(52, 16, 300), mixed(53, 10, 300)] },
  { op: matMul(false, true), operands: [mixed(54, 70, 6), mixed(55, 70, 5)] },
  { op: matMul(), operands: [mixed(56, 4, 3, 19), mixed(57, 4, 19, 2)] },
  { op: matMul(), operands: [mixed(58, 4, 9, 1), mixed(59, 4, 1, 5)] },
  { op: matMul(), operands: [scaled(-90, mixed(70, 9, 40)), scaled(60, mixed(71, 40, 9))] },
  { op: matMul(), operands: [scaled(90, mixed(72, 9, 40)), scaled(-60, mixed(73, 40, 9))] },
  {
    op: { kind: 'conv2d', strides: [1, 1], padding: [0, 0, 0, 0] },
    operands: [scaled(-90, mixed(74, 1, 5, 5, 8)), scaled(60, mixed(75, 3, 3, 8, 8))],
  },
  { ...convolution([6, 6, 64, 32], [1, 1], [1, 1], 0), entries: 60 },
  { ...convolution([9, 8, 32, 32], [3, 3], [1, 1], 1), entries: 60 },
  { ...convolution([10, 10, 8, 8], [5, 5], [1, 1], 2), entries: 60 },
  { ...convolution([14, 14, 16, 32], [4, 4], [2, 2], 1), entries: 60 },
  { ...convolution([13, 16, 3, 5], [7, 6], [3, 2], 0, 2), entries: 60 },
  {
    op: { kind: 'transposedConv2d', inputSize: [14, 14], strides: [2, 2], padding: [1, 1, 1, 1] },
    operands: [mixed(60, 1, 7, 7, 32), mixed(61, 4, 4, 16, 32)],
    entries: 60,
  },
  {
    op: { kind: 'transposedConv2d', inputSize: [7, 7], strides: [1, 1], padding: [1, 1, 1, 1] },
    operands: [mixed(62, 2, 7, 7, 16), mixed(63, 3, 3, 16, 16)],
    entries: 60,
  },
  { op: { kind: 'rowNorms', rows: 10 }, operands: [mixed(64, 10, 7, 7, 5), mixed(65, 3, 7, 7, 5)] },
  { op: { kind: 'rowNorms', rows: 4 }, operands: [mixed(66, 12, 301), mixed(67, 3, 301)] },
  { op: { kind: 'sum' }, operands: [mixed(68, 7, 1031)] },
  { op: { kind: 'sum' }, operands: [mixed(69, 10001)] },
];
