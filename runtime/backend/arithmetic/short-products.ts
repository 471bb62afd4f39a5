/**
 * Factors with fewer than 24 bits: TF32 (11 bits), bfloat16 (8), float16 (11), which matrix units of GPUs and of some CPUs take when
 * they are let, or several such parts for one number. All factors of a case are the same number, just below the middle between
 * two neighbours of the short format, so that every product is wrong in the same direction and as much as it can be.
 */
import { measureSums, type SumCase } from './exact-sums.ts';
import type { Probe } from './probe.ts';
import { filled } from './sample-numbers.ts';

/** Formats of up to 11 bits make 1 of it. */
const short = 1 + 2 ** -11 - 2 ** -23;
/** Two parts of 8 bits make 1 + 2⁻¹⁰ of it. */
const twoParts = 1 + 2 ** -10 + 2 ** -18 - 2 ** -23;

export const shortProducts: Probe = {
  name: 'factors in full precision',
  assumes: 'products are formed of numbers with 24 bits, not of TF32, bfloat16, float16 or parts of them',
  allowed: 'γ(n+1) of Σ|a·b|',
  remedy:
    'switch the short format off before the backend loads: NVIDIA_TF32_OVERRIDE=0 for NVIDIA GPUs, ONEDNN_DEFAULT_FPMATH_MODE=strict for TensorFlow on a CPU',
  run: async compute => ({ worst: await measureSums(compute, cases()) }),
};

const cases = (): readonly SumCase[] => [
  ...[short, twoParts].flatMap(value => [4, 8, 32].map(inner => matMul(value, 32, inner, 32))),
  matMul(short, 32, 1024, 32),
  matMul(short, 8, 2048, 8),
  convolution(short, 4, 1024, 16, 1, 1),
  convolution(short, 8, 64, 32, 3, 1),
  convolution(short, 8, 16, 16, 5, 1),
  convolution(short, 9, 16, 32, 4, 2),
  convolution(twoParts, 8, 8, 16, 1, 1),
  {
    op: { kind: 'transposedConv2d', inputSize: [14, 14], strides: [2, 2], padding: [1, 1, 1, 1] },
    operands: [filled(short, 1, 7, 7, 32), filled(short, 4, 4, 16, 32)],
    entries: 12,
  },
  { op: { kind: 'rowNorms', rows: 64 }, operands: [filled(-short, 64, 128), filled(short, 16, 128)], entries: 12 },
];

const matMul = (value: number, rows: number, inner: number, columns: number): SumCase => ({
  op: { kind: 'matMul', transposeA: false, transposeB: false },
  operands: [filled(value, rows, inner), filled(value, inner, columns)],
  entries: 12,
});

const convolution = (
  value: number,
  size: number,
  from: number,
  to: number,
  kernel: number,
  stride: number,
): SumCase => ({
  op: { kind: 'conv2d', strides: [stride, stride], padding: [0, 0, 0, 0] },
  operands: [filled(value, 1, size, size, from), filled(value, kernel, kernel, from, to)],
  entries: 12,
});
