import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import * as reference from '../../../compiler/5-program/reference/convolution.ts';
import { entriesOf, type Float64Tensor } from '../../../compiler/5-program/reference/float64-tensor.ts';
import { rowNorms } from '../../../compiler/5-program/reference/rows.ts';
import { conv2d } from '../../../runtime/ops/conv2d.ts';
import { conv2dKernelGradient } from '../../../runtime/ops/conv2d-kernel-gradient.ts';
import { transposedConv2d } from '../../../runtime/ops/transposed-conv2d.ts';
import { transposedConv2dNorms } from '../../../runtime/ops/transposed-conv2d-norms.ts';
import { expectClose } from '../../support/expect-pass.ts';
import { seededNormals } from '../../support/program-inputs.ts';
import { entriesOn, testedBackends, useBackend } from '../../support/run-on-backend.ts';

interface Geometry {
  readonly input: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
  readonly filters: number;
  readonly strides: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
}

const outputSize = (size: number, kernel: number, stride: number, before: number, after: number): number =>
  Math.floor((size + before + after - kernel) / stride) + 1;

const outputOf = ({ input: [n, H, W], kernel, filters, strides, padding: [top, bottom, left, right] }: Geometry) =>
  [
    n,
    outputSize(H, kernel[0], strides[0], top, bottom),
    outputSize(W, kernel[1], strides[1], left, right),
    filters,
  ] as const;

const size = (max: number) => fc.integer({ min: 1, max });
const pad = fc.nat(3);
const geometries: fc.Arbitrary<Geometry> = fc
  .record({
    input: fc.tuple(size(3), size(9), size(9), size(5)),
    kernel: fc.tuple(size(5), size(5)),
    filters: size(9),
    strides: fc.tuple(size(4), size(4)),
    padding: fc.tuple(pad, pad, pad, pad),
  })
  .filter(geometry => outputOf(geometry).every(dim => dim >= 1));

/** Kernel below the stride, not a multiple of it, uneven paddings, rows that no window reads, one channel. */
const named: readonly Geometry[] = [
  { input: [2, 28, 28, 1], kernel: [4, 4], filters: 16, strides: [2, 2], padding: [1, 1, 1, 1] },
  { input: [2, 14, 14, 16], kernel: [4, 4], filters: 32, strides: [2, 2], padding: [1, 1, 1, 1] },
  { input: [1, 7, 7, 32], kernel: [1, 1], filters: 8, strides: [2, 2], padding: [0, 0, 0, 0] },
  { input: [1, 8, 8, 3], kernel: [2, 2], filters: 4, strides: [2, 2], padding: [0, 0, 0, 0] },
  { input: [1, 9, 6, 2], kernel: [3, 2], filters: 3, strides: [2, 3], padding: [0, 1, 2, 0] },
  { input: [1, 5, 5, 2], kernel: [2, 1], filters: 3, strides: [4, 3], padding: [3, 0, 0, 3] },
  { input: [2, 6, 6, 4], kernel: [3, 3], filters: 5, strides: [1, 1], padding: [1, 1, 1, 1] },
  { input: [1, 1, 1, 1], kernel: [2, 2], filters: 1, strides: [3, 3], padding: [3, 0, 3, 0] },
  { input: [2, 9, 7, 3], kernel: [3, 3], filters: 16, strides: [1, 1], padding: [1, 1, 1, 1] },
  { input: [3, 10, 10, 1], kernel: [4, 4], filters: 16, strides: [2, 2], padding: [0, 0, 0, 0] },
  { input: [2, 9, 8, 24], kernel: [4, 4], filters: 3, strides: [2, 2], padding: [1, 1, 1, 1] },
  { input: [1, 7, 10, 18], kernel: [3, 2], filters: 2, strides: [2, 3], padding: [2, 0, 0, 2] },
  { input: [2, 5, 9, 25], kernel: [1, 2], filters: 2, strides: [3, 2], padding: [0, 0, 0, 0] },
  { input: [1, 2, 2, 1], kernel: [4, 4], filters: 2, strides: [1, 1], padding: [3, 3, 3, 3] },
];

const random = (seed: number, shape: readonly number[]): Float64Tensor => ({
  shape,
  data: seededNormals(seed, entriesOf(shape)).map(Math.fround),
});

async function compareAll(geometry: Geometry): Promise<void> {
  const { input, kernel, filters, strides, padding } = geometry;
  const x = random(1, input);
  const k = random(2, [...kernel, input[3], filters]);
  const y = random(3, outputOf(geometry));
  const inputSize = [input[1], input[2]] as const;
  const what = JSON.stringify(geometry);
  expectClose(
    await entriesOn((a, b) => conv2d(a, b, geometry), x, k),
    reference.conv2d(geometry, x, k, y.shape),
    1e-5,
    `conv2d ${what}`,
  );
  expectClose(
    await entriesOn((a, b) => transposedConv2d(a, b, { strides, padding, inputSize }), y, k),
    reference.transposedConv2d(geometry, y, k, x.shape),
    1e-5,
    `transposedConv2d ${what}`,
  );
  const radii = (seed: number, shape: readonly number[]): Float64Tensor => ({
    shape,
    data: random(seed, shape).data.map(Math.abs),
  });
  const weights = radii(3, [1, ...input.slice(1)]);
  for (const [rows, groups] of [
    [input[0], weights],
    [1, radii(4, input)],
  ] as const)
    expectClose(
      await entriesOn((a, b, c) => transposedConv2dNorms(a, b, c, { strides, padding, inputSize }, rows), y, k, groups),
      rowNorms(rows, { shape: x.shape, data: reference.transposedConv2d(geometry, y, k, x.shape) }, groups, [
        groups.shape[0]!,
        rows,
      ]),
      1e-5,
      `transposedConv2dNorms ${what}`,
    );
  expectClose(
    await entriesOn((a, b) => conv2dKernelGradient(a, b, { strides, padding, kernelSize: kernel }), x, y),
    reference.conv2dKernelGradient(geometry, x, y, k.shape),
    1e-5,
    `conv2dKernelGradient ${what}`,
  );
}

describe.each(testedBackends)('convolutions on %s', backend => {
  beforeAll(() => useBackend(backend));

  it.each(named)('agree with the interpreter: %o', geometry => compareAll(geometry));

  it('agree with the interpreter for random geometries', async () => {
    await fc.assert(fc.asyncProperty(geometries, compareAll), { numRuns: backend === 'wasm' ? 400 : 150 });
  });
});
