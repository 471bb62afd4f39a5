/**
 * Whether products are rounded before they are added, and with how many bits sums are kept. Both are allowed either way: a fused product
 * or a longer sum is only more exact.
 */
import { type Measure, worstOf } from './allowed-error.ts';
import { measureSums } from './exact-sums.ts';
import type { Probe } from './probe.ts';
import type { Compute, Numbers, SumOp } from './probe-op.ts';
import { listed } from './sample-numbers.ts';

export const fusedProducts: Probe = {
  name: 'products that cancel',
  assumes: 'what is left of products that cancel is within the bound, whether they are fused or not',
  allowed: 'γ(n+1) of Σ|a·b|',
  async run(compute) {
    const matMul = await examine(compute, { kind: 'matMul', transposeA: false, transposeB: false }, matrices);
    const conv2d = await examine(compute, { kind: 'conv2d', strides: [1, 1], padding: [0, 0, 0, 0] }, images);
    return {
      worst: worstOf([matMul.worst, conv2d.worst]),
      findings: [
        { name: 'products in matMul', value: matMul.products },
        { name: 'products in conv2d', value: conv2d.products },
      ],
    };
  },
};

/** Its square has 47 bits. */
const factor = 1 + 2 ** -12 + 2 ** -23;
const rounded = Math.fround(factor * factor);
/** Sums of three of them, in whatever order, lose the smallest when they have 24 bits, except where the two large ones meet first. */
const [large, tiny] = [1, 2 ** -30];

/** Rows of factors, to be multiplied by `columns`: two orders of a cancelling square, and all three places of the tiny summand. */
const rows = [
  [factor, 1, 0, 0, 0],
  [1, factor, 0, 0, 0],
  [0, 0, tiny, large, large],
  [0, 0, large, tiny, large],
  [0, 0, large, large, tiny],
].flat();
const columns: readonly (readonly number[])[] = [
  [factor, -rounded, 0, 0, 0],
  [-rounded, factor, 0, 0, 0],
  [0, 0, 1, 1, -1],
  [0, 0, 1, 1, -1],
  [0, 0, 1, -1, 1],
];

type Operands = (rows: Numbers, columns: Numbers) => readonly [Numbers, Numbers];
const matrices: Operands = (a, b) => [a, b];
const images: Operands = (a, b) => [
  { shape: [1, 5, 1, 5], data: a.data },
  { shape: [1, 1, 5, b.shape[1] ?? 1], data: b.data },
];

async function examine(
  compute: Compute,
  op: SumOp,
  operands: Operands,
): Promise<{ readonly worst: Measure; readonly products: string }> {
  // Column j belongs to row j; the rest of the product is of no interest.
  const right = listed(
    columns[0]!.flatMap((_, i) => columns.map(column => column[i] ?? 0)),
    5,
    5,
  );
  const pair = operands(listed(rows, 5, 5), right);
  const found = await compute(op, ...pair);
  const ofRow = (row: number): number => found[row * 5 + row] ?? 0;
  const fused = [ofRow(0), ofRow(1)].filter(left => left !== 0).length;
  const isWide = [2, 3, 4].every(row => ofRow(row) !== 0);
  const products = isWide ? 'added in more than 24 bits' : fused > 0 ? 'fused with the sum' : 'rounded, then added';
  return { worst: await measureSums(compute, [{ op, operands: pair }]), products };
}
