import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as reference from '../../../compiler/5-program/reference/matrix-product.ts';
import { matMul } from '../../../runtime/ops/mat-mul.ts';
import { expectClose } from '../../support/expect-pass.ts';
import { seededNormals } from '../../support/program-inputs.ts';
import { entriesOn, testedBackends, useBackend } from '../../support/run-on-backend.ts';

const size = fc.integer({ min: 1, max: 7 });
const matrix = (seed: number, shape: readonly number[]) => ({
  shape,
  data: seededNormals(
    seed,
    shape.reduce((product, dim) => product * dim, 1),
  ).map(Math.fround),
});

describe.each(testedBackends)('matMul on %s', backend => {
  beforeAll(() => useBackend(backend));

  it('agrees with the interpreter, transposed or not, one by one or in batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        size,
        size,
        size,
        fc.boolean(),
        fc.boolean(),
        fc.option(size),
        async (m, k, n, transposeA, transposeB, g) => {
          const groups = g === null ? [] : [g];
          const a = matrix(1, [...groups, ...(transposeA ? [k, m] : [m, k])]);
          const b = matrix(2, [...groups, ...(transposeB ? [n, k] : [k, n])]);
          const wanted = reference.matMul({ kind: 'matMul', transposeA, transposeB }, a, b, [...groups, m, n]);
          const found = await entriesOn((x, y) => matMul(x, y, transposeA, transposeB), a, b);
          expectClose(found, wanted, 1e-5, `${m}, ${k}, ${n}, ${transposeA}, ${transposeB}, ${g}`);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    [9, 1],
    [1, 9],
    [3, 2],
  ])('multiplies with weights [%i, %i] and then with their transpose', async (k, n) => {
    const weights = tf.tensor(Float32Array.from(matrix(3, [k, n]).data), [k, n]);
    const [forward, backward] = [tf.ones([2, k]), tf.ones([5, n])];
    const before = [...(await weights.data())];
    const sum = (row: number[]): number => row.reduce((total, entry) => total + entry, 0);
    matMul(forward, weights).dispose();
    const product = matMul(backward, weights, false, true);
    const rows = Array.from({ length: k }, (_, i) => sum(before.slice(i * n, (i + 1) * n)));
    const wanted = Array.from({ length: 5 }, () => rows).flat();
    expectClose(await product.data(), wanted, 1e-6, 'the product with the transpose');
    expect(product.shape).toEqual([5, k]);
    tf.dispose([weights, forward, backward, product]);
  });
});
