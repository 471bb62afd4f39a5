import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { oneHot, unitVectors } from '../../../runtime/ops/one-hot.ts';
import { testedBackends, useBackend } from '../../support/run-on-backend.ts';

describe.each(testedBackends)('oneHot on %s', backend => {
  beforeAll(() => useBackend(backend));
  const rows = (of: typeof oneHot, labels: number[], depth: number): number[] =>
    tf.tidy(() => [...of(tf.tensor1d(labels, 'int32'), depth).dataSync()]);

  it('has a 1 at the label', () => {
    expect(rows(oneHot, [2, 0], 3)).toEqual([0, 0, 1, 1, 0, 0]);
    expect(rows(oneHot, [0], 1)).toEqual([1]);
  });

  it('says nothing of a label that is no class', () => {
    const [none, other] = [Number.NaN, 0];
    expect(rows(oneHot, [3, 1], 3)).toEqual([none, none, none, other, 1, other]);
    expect(rows(oneHot, [-1], 2)).toEqual([none, none]);
    expect(rows(oneHot, [1], 1)).toEqual([none]);
    expect(rows(unitVectors, [3], 3)).toEqual([0, 0, 0]);
  });
});
