import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { entriesOf, type Float64Tensor } from '../../../compiler/5-program/reference/float64-tensor.ts';
import { keepDerived } from '../../../runtime/ops/keep-derived.ts';
import { transposed } from '../../../runtime/ops/of-parameters.ts';
import { chooseGroups } from '../../../runtime/ops/slope-map-groups.ts';
import { slopeMapNorms } from '../../../runtime/ops/slope-map-norms.ts';
import type { SlopeMapGeometry } from '../../../runtime/ops/slope-map-plan.ts';
import { expectClose } from '../../support/expect-pass.ts';
import { seededNormals } from '../../support/program-inputs.ts';
import { entriesOn, testedBackends, useBackend } from '../../support/run-on-backend.ts';

type Pair = readonly [number, number];

interface Case {
  readonly n: number;
  /** Rows, window, filters of the dual. */
  readonly dual: readonly [number, number, number, number];
  readonly slopes: Pair;
  /** Height, width, channels. */
  readonly kernel: readonly [number, number, number];
  readonly weights: Pair;
  readonly geometry: SlopeMapGeometry;
}

const size = (max: number) => fc.integer({ min: 1, max });
const offset = fc.integer({ min: -4, max: 4 });
const pairs = <T>(of: fc.Arbitrary<T>) => fc.tuple(of, of);

/** A window of the input is what the convolution makes the window of the slopes from, up to padding and to rows left over. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    n: size(2),
    dual: fc.tuple(size(4), size(4), size(4), size(4)),
    slopes: pairs(size(7)),
    kernel: fc.tuple(size(4), size(4), size(3)),
    weights: pairs(size(9)),
    strides: pairs(size(3)),
    padding: pairs(fc.nat(2)),
    over: pairs(fc.nat(2)),
    grid: pairs(size(3)),
    slopeStrides: pairs(size(3)),
    slopeOffset: pairs(offset),
    weightStrides: pairs(size(3)),
    weightOffset: pairs(offset),
  })
  .map(({ padding: [top, left], over, strides, dual, kernel, ...rest }) => {
    const spanned = (axis: 0 | 1): number => (dual[axis + 1]! - 1) * strides[axis] + kernel[axis];
    const sides = [Math.min(top, spanned(0) - 1), Math.min(left, spanned(1) - 1)] as const;
    const inputSize = [spanned(0) - sides[0] + over[0], spanned(1) - sides[1] + over[1]] as const;
    const { n, slopes, weights, ...windows } = rest;
    const padding = [sides[0], 0, sides[1], 0] as const;
    return { n, dual, slopes, kernel, weights, geometry: { ...windows, strides, padding, inputSize } };
  });

const random = (seed: number, shape: readonly number[]): Float64Tensor => ({
  shape,
  data: seededNormals(seed, entriesOf(shape)).map(Math.fround),
});

interface Operands {
  readonly dual: Float64Tensor;
  readonly slopes: Float64Tensor;
  readonly kernel: Float64Tensor;
  readonly weights: Float64Tensor;
}

const operandsOf = ({ n, dual, slopes, kernel, weights }: Case): Operands => ({
  dual: random(1, dual),
  slopes: random(2, [n, ...slopes, dual[3]]),
  kernel: random(3, [...kernel, dual[3]]),
  weights: { shape: [n, ...weights, kernel[2]], data: random(4, [n, ...weights, kernel[2]]).data.map(Math.abs) },
});

const at = ({ shape, data }: Float64Tensor, ...place: readonly number[]): number => {
  const inside = place.every((index, axis) => index >= 0 && index < shape[axis]!);
  return inside ? data[place.reduce((index, entry, axis) => index * shape[axis]! + entry, 0)]! : 0;
};

/** By the definition: every product of a slope with two weights that reaches an entry, one by one. */
function byDefinition(
  { n, dual: [rows, high, wide, filters], kernel: [kh, kw, channels], geometry }: Case,
  of: Operands,
): number[] {
  const { grid, inputSize, strides, padding, slopeStrides, slopeOffset, weightStrides, weightOffset } = geometry;
  const norms: number[] = [];
  for (let example = 0; example < n; example++)
    for (let i = 0; i < grid[0]; i++)
      for (let j = 0; j < grid[1]; j++)
        for (let row = 0; row < rows; row++) {
          let norm = 0;
          for (let u = 0; u < inputSize[0]; u++)
            for (let v = 0; v < inputSize[1]; v++)
              for (let channel = 0; channel < channels; channel++) {
                let entry = 0;
                for (let q = 0; q < high; q++)
                  for (let r = 0; r < wide; r++) {
                    const [a, b] = [u + padding[0] - q * strides[0], v + padding[2] - r * strides[1]];
                    if (a < 0 || a >= kh || b < 0 || b >= kw) continue;
                    for (let f = 0; f < filters; f++)
                      entry +=
                        at(of.dual, row, q, r, f) *
                        at(
                          of.slopes,
                          example,
                          i * slopeStrides[0] + slopeOffset[0] + q,
                          j * slopeStrides[1] + slopeOffset[1] + r,
                          f,
                        ) *
                        at(of.kernel, a, b, channel, f);
                  }
                norm +=
                  Math.abs(entry) *
                  at(
                    of.weights,
                    example,
                    i * weightStrides[0] + weightOffset[0] + u,
                    j * weightStrides[1] + weightOffset[1] + v,
                    channel,
                  );
              }
          norms.push(norm);
        }
  return norms;
}

async function compare(test: Case): Promise<void> {
  const of = operandsOf(test);
  expectClose(
    await entriesOn(
      (dual, slopes, kernel, weights) => slopeMapNorms(dual, slopes, kernel, weights, test.geometry, test.geometry),
      of.dual,
      of.slopes,
      of.kernel,
      of.weights,
    ),
    byDefinition(test, of),
    1e-5,
    JSON.stringify(test),
  );
}

const ofLayers = (stride: number, kernel: number, channels: number, n: number): Case => {
  const span = 3 * stride + kernel;
  return {
    n,
    dual: [8, 4, 4, 5],
    slopes: [9, 9],
    kernel: [kernel, kernel, channels],
    weights: [9 * stride, 9 * stride],
    geometry: {
      inputSize: [span, span],
      strides: [stride, stride],
      padding: [0, 0, 0, 0],
      grid: [4, 4],
      slopeStrides: [2, 2],
      slopeOffset: [-1, -1],
      weightStrides: [2 * stride, 2 * stride],
      weightOffset: [-1 - stride, -1 - stride],
    },
  };
};

describe.each(testedBackends)('norms by maps of slopes on %s', backend => {
  beforeAll(() => useBackend(backend));

  it.each([
    [2, 4, 1, 1],
    [2, 4, 3, 40],
    [1, 3, 1, 40],
    [3, 2, 2, 3],
  ] as const)(
    'are those of the definition: stride %d, kernel %d, %d channels, %d examples',
    (stride, kernel, channels, n) => compare(ofLayers(stride, kernel, channels, n)),
  );

  it('are those of the definition, wherever windows lie', async () => {
    await fc.assert(
      fc.asyncProperty(cases, test => compare(test)),
      { seed: 11, numRuns: 60 },
    );
  });

  it('are made of products that are kept with both parameters', () => {
    const of = operandsOf(ofLayers(2, 4, 1, 2));
    const tensor = ({ data, shape }: Float64Tensor): tf.Tensor => tf.tensor([...data], [...shape]);
    const [slopes, kernel, weights] = [tensor(of.slopes), tensor(of.kernel), tensor(of.weights)];
    const second = tf.transpose(tensor(of.dual), [1, 2, 3, 0]);
    const { geometry } = ofLayers(2, 4, 1, 2);
    const norms = (pulled: tf.Tensor): number[] =>
      tf.tidy(() => [
        ...slopeMapNorms(transposed(second, [3, 0, 1, 2]), slopes, pulled, weights, geometry, geometry).dataSync(),
      ]);
    const before = norms(kernel);
    const { numTensors } = tf.memory();
    const keeping = keepDerived({ second, kernel });
    expect(norms(kernel)).toEqual(before);
    const kept = tf.memory().numTensors;
    expect(kept).toBeGreaterThan(numTensors + 1);
    expect(norms(kernel)).toEqual(before);
    // Another kernel with the same start has products of its own, and leaves nothing, since nobody keeps it.
    const other = tf.mul(kernel, -2);
    expect(norms(other)[0]! / before[0]!).toBeCloseTo(2, 5);
    other.dispose();
    expect(tf.memory().numTensors).toBe(kept);
    keeping.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
    tf.dispose([slopes, kernel, weights, second]);
  });
});

describe('groups of entries', () => {
  const geometry = { inputSize: [10, 7], strides: [2, 1], padding: [0, 0, 0, 0] } as const;
  const kernel = [4, 3] as const;
  const window = [4, 5] as const;

  it.each([0, 10, 1e3, 1e9])('hold every entry once, and each of its taps: %d a convolution', perConvolution => {
    chooseGroups(geometry, kernel, window, { perConvolution, perPair: 1 }).forEach((groups, axis) => {
      expect(groups.flatMap(({ entries }) => entries)).toEqual(
        Array.from({ length: geometry.inputSize[axis]! }, (_, i) => i),
      );
      for (const { entries, offsets, taps } of groups) {
        expect(taps).toHaveLength(offsets.last - offsets.first + 1);
        for (const [index, entry] of entries.entries())
          for (let offset = 0; offset < window[axis]!; offset++) {
            const tap = entry - offset * geometry.strides[axis]!;
            const isRead = tap >= 0 && tap < kernel[axis]!;
            expect(taps[offset - offsets.first]?.[index] ?? null).toBe(isRead ? tap : null);
          }
      }
    });
  });

  it('are fewer the more a convolution costs', () => {
    const counts = [0, 10, 20, 40, 1e9].map(perConvolution => {
      const [down, across] = chooseGroups(geometry, kernel, window, { perConvolution, perPair: 1 });
      return down.length * across.length;
    });
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(counts.at(0)).toBe(5 * 7);
    expect(counts.at(-1)).toBe(1);
  });
});
