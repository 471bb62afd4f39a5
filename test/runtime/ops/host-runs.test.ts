import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { croppedMaps } from '../../../runtime/ops/cropped-maps.ts';
import { interleavedMaps } from '../../../runtime/ops/interleaved-maps.ts';
import { sideBySide } from '../../../runtime/ops/side-by-side.ts';
import { signs } from '../../../runtime/ops/signs.ts';
import { testedBackends, useBackend } from '../../support/run-on-backend.ts';

const size = (max: number) => fc.integer({ min: 1, max });
const numbered = (shape: number[]): tf.Tensor => tf.reshape(tf.range(1, 1 + tf.util.sizeFromShape(shape)), shape);

describe.each(testedBackends)('runs that are copied on %s', backend => {
  beforeAll(() => useBackend(backend));

  it('keep what lies within the edges', () =>
    fc.assert(
      fc.property(
        size(3),
        size(5),
        size(5),
        size(30),
        fc.nat(4),
        fc.nat(4),
        (n, height, width, channels, top, left) => {
          const maps = numbered([n, height + top, width + left + 1, channels]) as tf.Tensor4D;
          const kept = croppedMaps(maps, { top, left, height, width });
          expect([...kept.dataSync()]).toEqual([
            ...tf.slice(maps, [0, top, left, 0], [n, height, width, channels]).dataSync(),
          ]);
        },
      ),
      { seed: 1, numRuns: 40 },
    ));

  it('lie side by side', () =>
    fc.assert(
      fc.property(size(6), fc.array(size(40), { minLength: 1, maxLength: 4 }), (rows, sizes) => {
        const parts = sizes.map(width => numbered([rows, width]));
        expect([...sideBySide(parts).dataSync()]).toEqual([...tf.concat(parts, 1).dataSync()]);
      }),
      { seed: 2, numRuns: 40 },
    ));

  it('lie between one another, with zeros where there are none', () =>
    fc.assert(
      fc.property(
        size(2),
        size(7),
        size(7),
        size(27),
        size(3),
        size(3),
        fc.nat(8),
        (n, H, W, channels, down, right, gone) => {
          const whole = numbered([n, H, W, channels]).arraySync() as number[][][][];
          const [h, w] = [Math.ceil(H / down), Math.ceil(W / right)];
          const phases = Array.from({ length: down * right }, (_, at) => [Math.floor(at / right), at % right] as const);
          const used = phases.filter((_, at) => at !== gone || phases.length === 1);
          const parts = used.map(first => ({
            first,
            // What lies beyond the whole map is left out, whatever it is.
            map: tf.tensor4d(
              whole.map(map =>
                Array.from({ length: h }, (_, i) =>
                  Array.from(
                    { length: w },
                    (__, j) => map[i * down + first[0]]?.[j * right + first[1]] ?? new Array<number>(channels).fill(-1),
                  ),
                ),
              ),
            ),
          }));
          const isUsed = (i: number, j: number): boolean => used.some(([a, b]) => a === i % down && b === j % right);
          const expected = whole.map(map =>
            map.map((row, i) => row.map((pixel, j) => (isUsed(i, j) ? pixel : pixel.map(() => 0)))),
          );
          expect(interleavedMaps(parts, [down, right], [n, H, W, channels]).arraySync()).toEqual(expected);
        },
      ),
      { seed: 3, numRuns: 60 },
    ));
});

describe.each(testedBackends)('signs on %s', backend => {
  beforeAll(() => useBackend(backend));

  it('are those of all but the smallest numbers', () => {
    const values = [
      0,
      1,
      -1,
      2 ** -119,
      -(2 ** -119),
      1e-7,
      -1e-7,
      3e38,
      -3e38,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ];
    expect([...signs(tf.tensor1d(values)).dataSync()]).toEqual(values.map(Math.sign));
  });
});
