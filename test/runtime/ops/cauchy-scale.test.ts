import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as reference from '../../../compiler/5-program/reference/cauchy-scale.ts';
import type { Float64Tensor } from '../../../compiler/5-program/reference/float64-tensor.ts';
import { cauchyScale, cauchyScaleGradient } from '../../../runtime/ops/cauchy-scale.ts';
import { expectClose } from '../../support/expect-pass.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import { entriesOn, testedBackends, useBackend } from '../../support/run-on-backend.ts';

const estimators = ['ml', 'median', 'geometric'] as const;

/** `[n, k, features]`; each feature has a scale of its own. */
function samplesOf(seed: number, k: number, draw: (uniform: number) => number, n = 2, features = 40): Float64Tensor {
  const next = seededNumbers(seed);
  const scales = Array.from({ length: features }, () => 10 ** (4 * next() - 2));
  const data = Float64Array.from({ length: n * k * features }, (_, i) =>
    Math.fround(scales[i % features]! * draw(next())),
  );
  return { shape: [n, k, features], data };
}

const cauchy = (uniform: number): number => Math.tan(Math.PI * (uniform - 0.5));
const tenDecades = (uniform: number): number => 10 ** (10 * uniform - 5);

function largestRelativeError(found: ArrayLike<number>, wanted: Float64Array): number {
  return wanted.reduce((worst, value, i) => Math.max(worst, Math.abs(found[i]! / value - 1)), 0);
}

const scaleOf = (samples: Float64Tensor, estimator: (typeof estimators)[number]): Promise<Float32Array> =>
  entriesOn(s => cauchyScale(s, estimator), samples);
const wantedScale = (samples: Float64Tensor, estimator: (typeof estimators)[number]): Float64Array =>
  reference.cauchyScale(estimator, samples, [samples.shape[0]!, samples.shape[2]!]);

describe.each(testedBackends)('the scale of Cauchy samples on %s', backend => {
  beforeAll(() => useBackend(backend));

  it.each(estimators)('%s: agrees with the interpreter', estimator => {
    return fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 51 }), fc.nat(), async (k, seed) => {
        const samples = samplesOf(seed, k, cauchy);
        expect(largestRelativeError(await scaleOf(samples, estimator), wantedScale(samples, estimator))).toBeLessThan(
          2e-5,
        );
      }),
      { numRuns: backend === 'wasm' ? 40 : 10 },
    );
  });

  it.each([9, 11, 21])('ml: finds the root for %i samples that spread over ten decades', async k => {
    const samples = samplesOf(k, k, tenDecades, 2, 200);
    const wanted = wantedScale(samples, 'ml');
    const errors = Array.from(await scaleOf(samples, 'ml'), (value, i) => Math.abs(value / wanted[i]! - 1)).sort(
      (a, b) => a - b,
    );
    expect(errors[Math.floor(errors.length * 0.98)]).toBeLessThan(1e-3);
  });

  it('ml: finds the root for samples that are all alike, and for two clusters', async () => {
    const alike = { shape: [1, 8, 1], data: Float64Array.from({ length: 8 }, () => -3) };
    expect((await scaleOf(alike, 'ml'))[0]).toBeCloseTo(3 * (1 - 1 / 8), 5);
    const clusters = { shape: [1, 9, 1], data: Float64Array.from({ length: 9 }, (_, i) => (i < 5 ? 0.01 : 10)) };
    expect(largestRelativeError(await scaleOf(clusters, 'ml'), wantedScale(clusters, 'ml'))).toBeLessThan(1e-3);
  });

  it.each(estimators)('%s: has the derivative of the interpreter', estimator => {
    return fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 21 }), fc.nat(), async (k, seed) => {
        const samples = samplesOf(seed, k, cauchy);
        const scale = { shape: [2, 40], data: wantedScale(samples, estimator) };
        const upstream = samplesOf(seed + 1, 1, uniform => uniform - 0.5);
        const found = await entriesOn((s, g, u) => cauchyScaleGradient(s, g, u, estimator), samples, scale, {
          ...upstream,
          shape: [2, 40],
        });
        const wanted = reference.cauchyScaleGradient(estimator, samples, scale, upstream);
        expectClose(found, wanted, 2e-5, `gradient of ${estimator}, k = ${k}`);
      }),
      { numRuns: backend === 'wasm' ? 40 : 10 },
    );
  });

  it.each(estimators)('%s: gives 0 for dead features, with derivative 0, beside live ones', async estimator => {
    const live = samplesOf(5, 10, cauchy, 1, 4);
    const samples = { ...live, data: live.data.map((value, i) => (i % 4 === 1 ? 0 : value)) };
    const scale = await scaleOf(samples, estimator);
    expect(scale[1]).toBe(0);
    expect(scale[0]).toBeGreaterThan(0);
    const found = await entriesOn(
      (s, g, u) => cauchyScaleGradient(s, g, u, estimator),
      samples,
      { shape: [1, 4], data: scale },
      { shape: [1, 4], data: [1, 1e6, 1, 1] },
    );
    expect([...found].every(Number.isFinite)).toBe(true);
    expect([...found].filter((_, i) => i % 4 === 1)).toEqual(Array.from({ length: 10 }, () => 0));
    expect([...found].some((value, i) => i % 4 === 0 && value !== 0)).toBe(true);
  });
});
