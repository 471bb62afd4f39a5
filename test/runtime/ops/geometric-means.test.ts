import { beforeAll, describe, expect, it } from 'vitest';
import * as reference from '../../../compiler/5-program/reference/geometric-means.ts';
import { geometricMeans } from '../../../runtime/ops/geometric-means.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import { entriesOn, testedBackends, useBackend } from '../../support/run-on-backend.ts';

/** Sizes over twenty decades. */
function samplesOf(n: number, rows: number, features: number) {
  const next = seededNumbers(rows);
  const data = Float32Array.from({ length: n * rows * features }, () => 10 ** (20 * next() - 10));
  return { shape: [n, rows, features], data: Float64Array.from(data) };
}

describe.each(testedBackends)('geometric means on %s', backend => {
  beforeAll(() => useBackend(backend));

  it.each([
    [1, 1],
    [1, 2],
    [1, 256],
    [3, 1],
    [2, 8],
    [5, 64],
  ])('of %i groups of %i are those of the interpreter, within 21 roundings a level', async (groups, k) => {
    const samples = samplesOf(2, groups * k, 7);
    const found = await entriesOn(each => geometricMeans(each, groups), samples);
    const wanted = reference.geometricMeans(groups, samples, [2, 7]);
    expect(found).toHaveLength(14);
    const allowed = (21 * Math.log2(k) + 1) * 2 ** -24;
    for (const [i, mean] of wanted.entries()) expect(Math.abs(found[i]! / mean - 1)).toBeLessThanOrEqual(allowed);
  });

  it('are 0 where a sample is 0, and neither drop nor hide what is not finite', async () => {
    const means = (groups: number, ...data: number[]) =>
      entriesOn(each => geometricMeans(each, groups), { shape: [1, data.length, 1], data });
    expect([...(await means(1, 0, 4, 4, 4))]).toEqual([0]);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY])
      for (const at of [0, 1, 2, 3]) {
        for (const groups of [1, 2, 4]) {
          const data = [1, 1, 1, 1].with(at, bad);
          expect(Number.isFinite((await means(groups, ...data))[0]), `${bad} at ${at} of ${groups}`).toBe(false);
        }
      }
  });
});
