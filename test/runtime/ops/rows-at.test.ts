import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { examplesAt, rowsAt, unitRowsAt, windowsAt } from '../../../runtime/ops/rows-at.ts';
import { windows } from '../../../runtime/ops/windows.ts';
import { onWebgpu, testedBackends, useBackend } from '../../support/run-on-backend.ts';

const list = (...indices: readonly number[]): tf.Tensor1D => tf.tensor1d([...indices], 'int32');

// WebGPU does not say at once which rows are asked for.
describe.skipIf(onWebgpu).each(testedBackends)('rows by their indices on %s', backend => {
  beforeAll(() => useBackend(backend));

  it('are rows of the identity, of indices beyond it again from the first', () => {
    tf.tidy(() => {
      expect([...unitRowsAt(list(2, 0, 4), 3, [3]).dataSync()]).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0]);
      expect(unitRowsAt(list(1, 0), 4, [2, 2]).shape).toEqual([2, 2, 2]);
    });
  });

  it('are rows of a tensor', () => {
    tf.tidy(() => {
      const values = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
      expect(rowsAt(values, list(1, 0, 3)).arraySync()).toEqual([
        [
          [5, 6],
          [7, 8],
        ],
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ]);
    });
  });

  it('have what their examples have', () => {
    tf.tidy(() => {
      const values = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
      const [first, second] = values.arraySync();
      expect(examplesAt(values, list(3, 0, 5, 2), 3).arraySync()).toEqual([second, first, second, first]);
    });
  });

  it.each([
    { grid: [2, 3], strides: [1, 1], offset: [0, 0], size: [2, 2] },
    { grid: [2, 3], strides: [2, 1], offset: [-1, -2], size: [4, 5] },
    { grid: [2, 3], strides: [3, 4], offset: [-4, -7], size: [2, 3] },
    { grid: [1, 1], strides: [1, 1], offset: [0, 0], size: [3, 4] },
  ] as const)('have the windows of their positions: $grid, $strides, $offset, $size', at => {
    tf.tidy(() => {
      const map = tf.tensor(
        Array.from({ length: 48 }, (_, i) => i + 1),
        [2, 3, 4, 2],
      );
      const positions = at.grid[0] * at.grid[1];
      const rows = Array.from({ length: 2 * positions }, (_, row) => (row * 7) % (2 * positions));
      const ofSecond = rows.toReversed().map(row => 2 * positions + row);
      const mixed = [...ofSecond.slice(1), ...rows, ...ofSecond.slice(0, 1)];
      const own = windowsAt(map, list(...mixed), at, 2);
      const all = windows(map, at, 0, positions).arraySync() as unknown[];
      expect(own.arraySync()).toEqual(mixed.map(row => all[Math.floor(row / 2)]));
    });
  });
});
