import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { oneHot, unitVectors } from '../../../runtime/ops/one-hot.ts';
import { entriesOn, testedBackends, useBackend } from '../../support/run-on-backend.ts';

describe.each(testedBackends)('oneHot on %s', backend => {
  beforeAll(() => useBackend(backend));
  const rows = (of: typeof oneHot, labels: number[], depth: number): Promise<number[]> =>
    entriesOn(indices => tf.tidy(() => of(tf.cast(indices!, 'int32'), depth)), {
      shape: [labels.length],
      data: labels,
    }).then(Array.from<number>);

  it('has a 1 at the label', async () => {
    expect(await rows(oneHot, [2, 0], 3)).toEqual([0, 0, 1, 1, 0, 0]);
    expect(await rows(oneHot, [0], 1)).toEqual([1]);
  });

  it('says nothing of a label that is no class', async () => {
    const [none, other] = [Number.NaN, 0];
    expect(await rows(oneHot, [3, 1], 3)).toEqual([none, none, none, other, 1, other]);
    expect(await rows(oneHot, [-1], 2)).toEqual([none, none]);
    expect(await rows(oneHot, [1], 1)).toEqual([none]);
    expect(await rows(unitVectors, [3], 3)).toEqual([0, 0, 0]);
  });
});
