/**
 * Winograd's and Fourier's convolutions and Strassen's products save multiplications by adding up numbers that are multiplied by
 * different things, and take them apart again. What is large then spoils what it has nothing to do with. So most numbers here are near 1
 * and a few are 2⁴⁰ (or weights are), and the entries that no large one belongs to have to be as exact as without them.
 *
 * A backend that chooses its algorithm by size and speed may still choose another one for other sizes; these are some that libraries
 * choose Winograd's (kernels of 3, stride 1) and Fourier's (kernels of 5) for.
 */
import { measureSums, type SumCase } from './exact-sums.ts';
import type { Probe } from './probe.ts';
import type { Numbers } from './probe-op.ts';
import { mixed } from './sample-numbers.ts';

export const transformedProducts: Probe = {
  name: 'no transformed products',
  assumes: 'each entry is made of its own products: no convolutions by Winograd or Fourier, no products by Strassen',
  allowed: 'γ(n+1) of Σ|a·b|',
  remedy: 'compute on the CPU; TF_ENABLE_WINOGRAD_NONFUSED=0 switches off one of them in TensorFlow on NVIDIA GPUs',
  run: async compute => ({ worst: await measureSums(compute, cases()) }),
};

const large = 2 ** 40;

const cases = (): readonly SumCase[] => [
  convolution(largePixels(mixed(81, 1, 12, 12, 32)), mixed(82, 3, 3, 32, 32), 1),
  convolution(mixed(83, 1, 12, 12, 32), largeTap(mixed(84, 3, 3, 32, 32)), 1),
  convolution(largePixels(mixed(85, 1, 8, 8, 64)), mixed(86, 3, 3, 64, 64), 0),
  convolution(largePixels(mixed(87, 1, 16, 16, 8)), mixed(88, 5, 5, 8, 8), 2),
  {
    op: { kind: 'transposedConv2d', inputSize: [12, 12], strides: [1, 1], padding: [1, 1, 1, 1] },
    operands: [largePixels(mixed(89, 1, 12, 12, 16)), mixed(90, 3, 3, 16, 16)],
    entries: 100,
  },
  {
    op: { kind: 'matMul', transposeA: false, transposeB: false },
    operands: [largeRows(mixed(91, 96, 96)), mixed(92, 96, 96)],
    entries: 100,
  },
];

const convolution = (x: Numbers, kernel: Numbers, pad: number): SumCase => ({
  op: { kind: 'conv2d', strides: [1, 1], padding: [pad, pad, pad, pad] },
  operands: [x, kernel],
  entries: 150,
});

/** All channels of every seventh row and column, on even and odd places. */
function largePixels({ shape, data }: Numbers): Numbers {
  const [, height = 1, width = 1, channels = 1] = shape;
  const isLarge = (pixel: number): boolean =>
    (pixel % width) % 7 === 3 && (Math.floor(pixel / width) % height) % 7 === 3;
  return { shape, data: data.map((value, i) => (isLarge(Math.floor(i / channels)) ? value * large : value)) };
}

/** The first tap of half of the filters; the others have small ones only. */
function largeTap({ shape, data }: Numbers): Numbers {
  const [, , channels = 1, filters = 1] = shape;
  return { shape, data: data.map((value, i) => (i < channels * filters && i % 2 === 0 ? value * large : value)) };
}

/** The first quarter. */
function largeRows({ shape, data }: Numbers): Numbers {
  return { shape, data: data.map((value, i) => (i < data.length / 4 ? value * large : value)) };
}
