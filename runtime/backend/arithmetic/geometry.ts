/** Small instances of what backends of TensorFlow.js were seen to get wrong: paddings, kernels and strides that are not square, repeated operands. */
import { type Measure, measure, unit, worstOf } from './allowed-error.ts';
import { measureSums, type SumCase } from './exact-sums.ts';
import type { Probe } from './probe.ts';
import type { Compute } from './probe-op.ts';
import { listed, mixed } from './sample-numbers.ts';

/** A case of its own in the report. */
interface GeometryCase extends SumCase {
  readonly name: string;
}

export const geometryCases: readonly GeometryCase[] = [
  {
    name: 'convolution, kernel not square',
    op: { kind: 'conv2d', strides: [1, 1], padding: [1, 1, 0, 0] },
    operands: [mixed(21, 1, 4, 5, 2), mixed(22, 3, 2, 2, 3)],
  },
  {
    name: 'convolution, stride beyond the kernel',
    op: { kind: 'conv2d', strides: [4, 4], padding: [0, 0, 0, 0] },
    operands: [mixed(23, 1, 7, 7, 2), mixed(24, 2, 2, 2, 3)],
  },
  {
    name: 'convolution, kernel of one column',
    op: { kind: 'conv2d', strides: [2, 2], padding: [0, 1, 0, 0] },
    operands: [mixed(25, 1, 7, 7, 2), mixed(26, 2, 1, 2, 2)],
  },
  {
    name: 'convolution, uneven padding',
    op: { kind: 'conv2d', strides: [2, 1], padding: [0, 1, 2, 0] },
    operands: [mixed(27, 1, 5, 4, 2), mixed(28, 2, 3, 2, 2)],
  },
  {
    name: 'transposed convolution',
    op: { kind: 'transposedConv2d', inputSize: [4, 6], strides: [2, 2], padding: [1, 1, 1, 1] },
    operands: [mixed(29, 1, 2, 3, 3), mixed(30, 4, 4, 2, 3)],
  },
  {
    name: 'gradient of a kernel',
    op: { kind: 'conv2dKernelGradient', kernelSize: [3, 3], strides: [2, 2], padding: [1, 1, 1, 1] },
    operands: [mixed(31, 2, 5, 5, 2), mixed(32, 2, 3, 3, 2)],
  },
];

const sums = geometryCases.map(
  (sumCase): Probe => ({
    name: sumCase.name,
    assumes: 'every entry is the sum of just the products that it should be',
    allowed: 'γ(n+1) of Σ|a·b|',
    run: async compute => ({ worst: await measureSums(compute, [sumCase]) }),
  }),
);

const repeatedOperand: Probe = {
  name: 'subtraction, one operand repeated',
  assumes: 'an operand with fewer axes is repeated along the first ones',
  allowed: 'u = 2⁻²⁴ of the result',
  async run(compute) {
    const [x, y] = [mixed(33, 3, 4), mixed(34, 4)];
    const found = await compute({ kind: 'sub' }, x, y);
    const exact = (i: number): number => (x.data[i] ?? 0) - (y.data[i % 4] ?? 0);
    return { worst: measure('sub', found, 12, i => ({ exact: exact(i), allowed: unit * Math.abs(exact(i)) })) };
  },
};

const labelRows: Probe = {
  name: 'labels as rows of 0 and 1',
  assumes: 'a row is 1 at its label and 0 elsewhere',
  allowed: 'nothing',
  run: async compute => ({ worst: worstOf([await rowsOf(compute, 3), await rowsOf(compute, 1)]) }),
};

async function rowsOf(compute: Compute, depth: number): Promise<Measure> {
  const labels = [2, 0, 1].map(label => Math.min(label, depth - 1));
  const found = await compute({ kind: 'oneHot', depth }, listed(labels));
  return measure(`oneHot of ${depth}`, found, 3 * depth, i => ({
    exact: labels[Math.floor(i / depth)] === i % depth ? 1 : 0,
    allowed: 0,
  }));
}

export const geometryProbes: readonly Probe[] = [...sums, repeatedOperand, labelRows];
