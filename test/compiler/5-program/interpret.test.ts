import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpret, type ProgramInputs } from '../../../compiler/5-program/interpret.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { expectClose } from '../../support/expect-pass.ts';
import { randomInputs, seededNormals } from '../../support/program-inputs.ts';
import { randomProgram } from '../../support/random-program.ts';

const run = (text: string, given: Partial<ProgramInputs> = {}) =>
  interpret(parseProgram(text), { batchSize: 2, inputs: {}, params: {}, ...given });

const entries = (text: string, given: Partial<ProgramInputs> = {}): number[] =>
  Array.from(run(`${text}\nout y = %9`, given).y?.data ?? []);

describe('interpret', () => {
  it('gives every output its stated shape, at any batch size', () => {
    fc.assert(
      fc.property(randomProgram, fc.constantFrom(1, 2, 3), (program, batchSize) => {
        const outputs = interpret(program, randomInputs(program, batchSize, 1));
        for (const [name, id] of Object.entries(program.outputs)) {
          const stated = program.body.find(instr => instr.out === id)?.shape ?? [];
          expect(outputs[name]?.shape).toEqual(
            stated.map(dim => (typeof dim === 'number' ? dim : Number.parseInt(dim, 10) * batchSize)),
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it('computes a convolution worked by hand', () => {
    // A 2×2 image 1 2 / 3 4, one row of zeros above, kernel 1 10 / 100 1000: windows (0 0 / 1 2) and (1 2 / 3 4).
    const text = `%0 = param "x" : [1, 2, 2, 1]\n%1 = param "k" : [2, 2, 1, 1]
      %9 = conv2d(%0, %1) {strides: [1, 1], padding: [1, 0, 0, 0]} : [1, 2, 1, 1]`;
    expect(entries(text, { params: { x: [1, 2, 3, 4], k: [1, 10, 100, 1000] } })).toEqual([2100, 4321]);
  });

  it.each([
    { H: 5, W: 6, kernel: [3, 2], strides: [2, 1], padding: [1, 0, 0, 1] },
    { H: 4, W: 4, kernel: [1, 1], strides: [2, 2], padding: [0, 0, 0, 0] },
    { H: 7, W: 5, kernel: [2, 3], strides: [3, 2], padding: [2, 1, 0, 2] },
  ])('has a transposed convolution and a kernel gradient that are adjoint to its convolution: %o', geometry => {
    const { H, W, strides, padding } = geometry;
    const [kh, kw] = geometry.kernel as [number, number];
    const h = Math.floor((H + padding[0]! + padding[1]! - kh) / strides[0]!) + 1;
    const w = Math.floor((W + padding[2]! + padding[3]! - kw) / strides[1]!) + 1;
    const options = `strides: [${strides}], padding: [${padding}]`;
    const params = {
      x: seededNormals(1, 2 * H * W * 3),
      k: seededNormals(2, kh * kw * 3 * 4),
      y: seededNormals(3, 2 * h * w * 4),
    };
    const { conv, transposed, gradient } = run(
      `%0 = param "x" : [2, ${H}, ${W}, 3]
       %1 = param "k" : [${kh}, ${kw}, 3, 4]
       %2 = param "y" : [2, ${h}, ${w}, 4]
       %3 = conv2d(%0, %1) {${options}} : [2, ${h}, ${w}, 4]
       %4 = transposedConv2d(%2, %1) {inputSize: [${H}, ${W}], ${options}} : [2, ${H}, ${W}, 3]
       %5 = conv2dKernelGradient(%0, %2) {kernelSize: [${kh}, ${kw}], ${options}} : [${kh}, ${kw}, 3, 4]
       out conv = %3, transposed = %4, gradient = %5`,
      { params },
    );
    const inner = (a: Float64Array, b: Float64Array | undefined): number =>
      a.reduce((sum, entry, i) => sum + entry * b![i]!, 0);
    const value = inner(params.y, conv?.data);
    expect(inner(params.x, transposed?.data)).toBeCloseTo(value, 10);
    expect(inner(params.k, gradient?.data)).toBeCloseTo(value, 10);
  });

  it('multiplies matrices, transposed or not, one by one in rank 3', () => {
    const params = { a: [1, 2, 3, 4, 5, 6], b: [1, 0, 2, 0, 1, 3] };
    const product = '%9 = matMul(%0, %1)';
    expect(
      entries(
        `%0 = param "a" : [2, 3]\n%1 = param "b" : [2, 3]\n${product} {transposeA: false, transposeB: true} : [2, 2]`,
        { params },
      ),
    ).toEqual([7, 11, 16, 23]);
    expect(
      entries(
        `%0 = param "a" : [2, 3]\n%1 = param "b" : [2, 3]\n${product} {transposeA: true, transposeB: false} : [3, 3]`,
        { params },
      ),
    ).toEqual([1, 4, 14, 2, 5, 19, 3, 6, 24]);
    expect(
      entries(
        `%0 = param "a" : [2, 1, 3]\n%1 = param "b" : [2, 3, 1]\n${product} {transposeA: false, transposeB: false} : [2, 1, 1]`,
        { params },
      ),
    ).toEqual([7, 23]);
  });

  it('broadcasts from the right, and reduces with and without kept axes', () => {
    const params = { a: [1, 2, 3, 4, 5, 6], b: [10, 20, 30], c: [100, 200] };
    expect(entries('%0 = param "a" : [2, 3]\n%1 = param "b" : [3]\n%9 = add(%0, %1) : [2, 3]', { params })).toEqual([
      11, 22, 33, 14, 25, 36,
    ]);
    expect(entries('%0 = param "a" : [2, 3]\n%1 = param "c" : [2, 1]\n%9 = sub(%1, %0) : [2, 3]', { params })).toEqual([
      99, 98, 97, 196, 195, 194,
    ]);
    expect(entries('%0 = param "a" : [2, 3]\n%9 = sum(%0) {axes: [0], keepDims: true} : [1, 3]', { params })).toEqual([
      5, 7, 9,
    ]);
    expect(entries('%0 = param "a" : [2, 3]\n%9 = max(%0) {axes: [1], keepDims: false} : [2]', { params })).toEqual([
      3, 6,
    ]);
    expect(entries('%0 = param "c" : [2, 1]\n%9 = broadcast(%0) : [2, 2, 2]', { params })).toEqual([
      100, 100, 200, 200, 100, 100, 200, 200,
    ]);
    expect(entries('%0 = param "a" : [2, 3]\n%9 = transpose(%0) {perm: [1, 0]} : [3, 2]', { params })).toEqual([
      1, 4, 2, 5, 3, 6,
    ]);
  });

  it('reads the batch: labels, its size, the radius', () => {
    const given = { inputs: { labels: [2, 0], epsilon: [0.25] } };
    expect(entries('%0 = input "labels" : [b]\n%9 = oneHot(%0) {depth: 3} : [b, 3]', given)).toEqual([
      0, 0, 1, 1, 0, 0,
    ]);
    expect(entries('%0 = input "epsilon" : []\n%1 = batchSize : []\n%9 = div(%0, %1) : []', given)).toEqual([0.125]);
  });

  it('walks chunks: rows joined along axis 1, results added up', () => {
    const params = { x: [1, 2, 3, 4], w: [1, 0, 0, 1, 1, 1, 2, 2] };
    const head = '%0 = param "x" : [2, 2]\n%1 = param "w" : [4, 2]\n';
    const body = `%2 = chunkRows(%1) {axis: 0, size: 2} : [2, 2]
      %3 = matMul(%0, %2) {transposeA: false, transposeB: true} : [2, 2]\n`;
    expect(entries(`${head}%9 = chunked {rows: 4, size: 2} : [2, 4] {\n${body}result %3\n}`, { params })).toEqual([
      1, 2, 3, 6, 3, 4, 7, 14,
    ]);
    const sums = `%8 = summedChunks {rows: 4, size: 2} : [] {\n${body}%4 = unitRows {rows: 4, size: 2, shape: [2, 2]} : [2, 2, 2]
      result %3, %4\n}`;
    expect(entries(`${head}${sums}\n%9 = item(%8) {index: 0} : [2, 2]`, { params })).toEqual([4, 8, 10, 18]);
    expect(entries(`${head}${sums}\n%9 = item(%8) {index: 1} : [2, 2, 2]`, { params })).toEqual([
      1, 0, 1, 0, 0, 1, 0, 1,
    ]);
  });

  it('asks for noise by stream and gives it in the order of the shape', () => {
    const noise: ProgramInputs['noise'] = (stream, distribution, count) =>
      Array.from({ length: count }, (_, i) => (stream === 'relu1' && distribution === 'cauchy' ? i : -1));
    expect(entries('%9 = noise "relu1" {distribution: cauchy} : [2, 2]', { noise })).toEqual([0, 1, 2, 3]);
  });

  it('says which instruction lacks what', () => {
    expect(() => entries('%9 = param "conv1.weight" : [2]')).toThrow('%9 = param: missing parameter conv1.weight');
    expect(() => entries('%9 = param "w" : [2]', { params: { w: [1, 2, 3] } })).toThrow(
      '%9 = param: 3 entries for a tensor of shape [2]',
    );
  });
});

describe('the scale of Cauchy samples', () => {
  const scale = (estimator: string, samples: number[]): number =>
    entries(`%0 = param "s" : [1, ${samples.length}, 1]\n%9 = cauchyScale(%0) {estimator: ${estimator}} : [1, 1]`, {
      params: { s: samples },
    })[0]!;
  const gradient = (estimator: string, samples: number[]): number[] =>
    entries(
      `%0 = param "s" : [1, ${samples.length}, 1]
       %1 = cauchyScale(%0) {estimator: ${estimator}} : [1, 1]
       %2 = constant 1 : []
       %3 = broadcast(%2) : [1, 1]
       %9 = cauchyScaleGradient(%0, %1, %3) {estimator: ${estimator}} : [1, ${samples.length}, 1]`,
      { params: { s: samples } },
    );

  it('solves the likelihood equation and corrects its bias', () => {
    const samples = [3, -0.01, 400, 1.5, 0, -7, 2e-8];
    const g = scale('ml', samples) / (1 - 1 / 7);
    expect(samples.reduce((sum, s) => sum + g ** 2 / (g ** 2 + s ** 2), 0)).toBeCloseTo(3.5, 12);
  });

  it('takes the middle of the sizes, or of both middle ones', () => {
    expect(scale('median', [3, -1, 10])).toBe(3);
    expect(scale('median', [3, -1, 10, -5])).toBe(4);
  });

  it('takes the geometric mean, with its correction', () => {
    expect(scale('geometric', [2, -8])).toBeCloseTo(4 * Math.cos(Math.PI / 4) ** 2, 12);
  });

  it.each(['ml', 'median', 'geometric'])(
    '%s: is 0 for zeros, with derivative 0, and scales with its samples',
    estimator => {
      expect(scale(estimator, [0, 0, 0, 0])).toBe(0);
      expect(gradient(estimator, [0, 0, 0, 0])).toEqual([0, 0, 0, 0]);
      const samples = [3, -0.1, 8, 1.5, -7];
      expect(
        scale(
          estimator,
          samples.map(s => s * 1e6),
        ) / scale(estimator, samples),
      ).toBeCloseTo(1e6, 4);
    },
  );

  it.each(['ml', 'median', 'geometric'])('%s: has the derivative that differences show', estimator => {
    for (const count of [5, 6]) {
      const samples = Array.from(seededNormals(count, count), s => s * 3);
      const differences = samples.map((_, i) => {
        const moved = (step: number): number => scale(estimator, samples.with(i, samples[i]! + step));
        return (moved(1e-5) - moved(-1e-5)) / 2e-5;
      });
      expectClose(gradient(estimator, samples), differences, 1e-8, `${estimator} of ${count} samples`);
    }
  });
});
