/**
 * What the self-test computes: small instances of what backends of TensorFlow.js were seen to get wrong. The values they should give
 * are in `self-test-values.ts`, from the reference interpreter of the compiler.
 */

/** The same attributes as the tensor program's operations of these names. */
export type SelfTestOp =
  | { readonly kind: 'conv2d'; readonly strides: Two; readonly padding: Four }
  | { readonly kind: 'transposedConv2d'; readonly inputSize: Two; readonly strides: Two; readonly padding: Four }
  | { readonly kind: 'conv2dKernelGradient'; readonly kernelSize: Two; readonly strides: Two; readonly padding: Four }
  | { readonly kind: 'matMul'; readonly transposeA: false; readonly transposeB: false }
  | { readonly kind: 'oneHot'; readonly depth: number }
  | { readonly kind: 'sub' };
type Two = readonly [number, number];
type Four = readonly [number, number, number, number];

export interface SelfTestCase {
  readonly name: string;
  readonly op: SelfTestOp;
  readonly operands: readonly Operand[];
  /** Largest error that float32 explains, relative to the largest entry. */
  readonly tolerance: number;
}

export interface Operand {
  readonly shape: readonly number[];
  /** Entry `i`; all of them are float32 numbers with more bits than short formats keep. */
  readonly entry: (i: number) => number;
}

const varied = (salt: number, ...shape: number[]): Operand => ({
  shape,
  entry: i => (((i + 1) * 7919 + salt * 104729) % 65521) / 65536 - 0.5,
});
const filled = (value: number, ...shape: number[]): Operand => ({ shape, entry: () => Math.fround(value) });
const labels = (...values: number[]): Operand => ({ shape: [values.length], entry: i => values[i] ?? 0 });

const product = { kind: 'matMul', transposeA: false, transposeB: false } as const;
const rounding = 1e-5;

export const selfTestCases: readonly SelfTestCase[] = [
  {
    name: 'convolution, kernel not square',
    op: { kind: 'conv2d', strides: [1, 1], padding: [1, 1, 0, 0] },
    operands: [varied(1, 1, 4, 5, 2), varied(2, 3, 2, 2, 3)],
    tolerance: rounding,
  },
  {
    name: 'convolution, stride beyond the kernel',
    op: { kind: 'conv2d', strides: [4, 4], padding: [0, 0, 0, 0] },
    operands: [varied(3, 1, 7, 7, 2), varied(4, 2, 2, 2, 3)],
    tolerance: rounding,
  },
  {
    name: 'convolution, kernel of one column',
    op: { kind: 'conv2d', strides: [2, 2], padding: [0, 1, 0, 0] },
    operands: [varied(5, 1, 7, 7, 2), varied(6, 2, 1, 2, 2)],
    tolerance: rounding,
  },
  {
    name: 'convolution, uneven padding',
    op: { kind: 'conv2d', strides: [2, 1], padding: [0, 1, 2, 0] },
    operands: [varied(7, 1, 5, 4, 2), varied(8, 2, 3, 2, 2)],
    tolerance: rounding,
  },
  {
    name: 'transposed convolution',
    op: { kind: 'transposedConv2d', inputSize: [4, 6], strides: [2, 2], padding: [1, 1, 1, 1] },
    operands: [varied(9, 1, 2, 3, 3), varied(10, 4, 4, 2, 3)],
    tolerance: rounding,
  },
  {
    name: 'gradient of a kernel',
    op: { kind: 'conv2dKernelGradient', kernelSize: [3, 3], strides: [2, 2], padding: [1, 1, 1, 1] },
    operands: [varied(11, 2, 5, 5, 2), varied(12, 2, 3, 3, 2)],
    tolerance: rounding,
  },
  {
    name: 'subtraction, one operand repeated',
    op: { kind: 'sub' },
    operands: [varied(13, 3, 4), varied(14, 4)],
    tolerance: rounding,
  },
  { name: 'labels as rows of 0 and 1', op: { kind: 'oneHot', depth: 3 }, operands: [labels(2, 0, 1)], tolerance: 0 },
  {
    // Their sum is 1024.1; with 10 bits of mantissa it is 1024.
    name: 'matrix product in full precision',
    op: product,
    operands: [filled(1.0001, 64, 1024), filled(1, 1024, 64)],
    tolerance: 4e-5,
  },
  {
    name: 'convolution in full precision',
    op: { kind: 'conv2d', strides: [1, 1], padding: [0, 0, 0, 0] },
    operands: [filled(1.0001, 1, 8, 8, 1024), filled(1, 1, 1, 1024, 32)],
    tolerance: 4e-5,
  },
];
