import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { examplesLast } from '../../../runtime/ops/examples-last.ts';
import { entriesOn, testedBackends, useBackend } from '../../support/run-on-backend.ts';

describe.each(testedBackends)('examplesLast on %s', backend => {
  beforeAll(() => useBackend(backend));

  // The largest takes two steps.
  it.each([[[3, 4, 5, 2]], [[7, 2, 3, 1]], [[60, 13, 12, 29]]])('%j: moves every number to its place', async shape => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const data = Float32Array.from({ length: size }, (_, i) => i);
    const found = await entriesOn(examplesLast, { shape, data });
    const plain = await entriesOn(maps => tf.transpose(maps, [3, 1, 2, 0]), { shape, data });
    expect(found).toEqual(plain);
  });
});
