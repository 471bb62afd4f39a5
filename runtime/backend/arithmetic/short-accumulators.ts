/**
 * Sums that are kept with fewer than 24 bits, or cut off where they should be rounded: a large summand, and many that are just
 * too small for a short sum to notice. Rows differ in how small, and in where the large one stands.
 */
import { measureSums, type SumCase } from './exact-sums.ts';
import type { Probe } from './probe.ts';
import type { Numbers } from './probe-op.ts';
import { filled, made } from './sample-numbers.ts';

export const shortAccumulators: Probe = {
  name: 'sums in full precision',
  assumes: 'partial sums have 24 bits and are rounded to nearest, not cut off',
  allowed: 'γ(n+1) of Σ|a·b|',
  remedy: 'switch off what adds in half precision (fast-math, float16 sums of matrix units)',
  run: async compute => ({ worst: await measureSums(compute, cases()) }),
};

const cases = (): readonly SumCase[] => {
  const [few, many] = [rows(64), rows(600)];
  return [
    { op: { kind: 'matMul', transposeA: false, transposeB: false }, operands: [few, filled(1, 64, 16)], entries: 108 },
    {
      op: { kind: 'matMul', transposeA: false, transposeB: false },
      operands: [many, filled(1, 600, 3)],
      entries: 108,
    },
    {
      op: { kind: 'conv2d', strides: [1, 1], padding: [0, 0, 0, 0] },
      operands: [asImage(few), filled(1, 1, 1, 64, 8)],
    },
    { op: { kind: 'rowNorms', rows: rowCount }, operands: [many, filled(1, 1, 600)] },
    { op: { kind: 'sum' }, operands: [few] },
    { op: { kind: 'sum' }, operands: [many] },
  ];
};

const sizes = 12;
const rowCount = 3 * sizes;

/** `[36, n]`: a 1 that is first, in the middle or last; the others just below 2⁻²³, 2⁻²², … 2⁻¹². */
const rows = (n: number): Numbers =>
  made(
    i => {
      const [row, column] = [Math.floor(i / n), i % n];
      const place = [0, n >> 1, n - 1][row % 3];
      return column === place ? 1 : 2 ** (Math.floor(row / 3) - 23) * (1 - 2 ** -23);
    },
    rowCount,
    n,
  );

const asImage = ({ shape: [pixels = 1, channels = 1], data }: Numbers): Numbers => ({
  shape: [1, pixels, 1, channels],
  data,
});
