/** Windows behind layers, against the positions that a convolution reads, listed one by one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onWindow, windowBehind } from '../../../runtime/ops/window-geometry.ts';

const small = fc.integer({ min: 1, max: 4 });
const pair = fc.tuple(small, small);
const layers = fc.record({
  strides: pair,
  kernelSize: pair,
  padding: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
});

/** Rows (or columns) of the layer's input that rows of its output read. */
const readBy = (rows: readonly number[], stride: number, kernel: number, before: number): number[] => {
  const read = new Set<number>();
  for (const row of rows) for (let tap = 0; tap < kernel; tap++) read.add(row * stride - before + tap);
  return [...read];
};

const rowsOf = (position: number, stride: number, offset: number, size: number): number[] =>
  Array.from({ length: size }, (_, index) => position * stride + offset + index);

describe('the window behind a layer', () => {
  it('is the smallest that holds all that the layer reads, at every position and behind several layers', () => {
    fc.assert(
      fc.property(fc.array(layers, { minLength: 1, maxLength: 4 }), fc.nat(5), (chain, position) => {
        let windows: Parameters<typeof windowBehind>[0] = {
          grid: [7, 9],
          strides: [1, 1],
          offset: [0, 0],
          size: [1, 1],
        };
        for (const axis of [0, 1] as const) {
          let rows = [position];
          windows = { grid: [7, 9], strides: [1, 1], offset: [0, 0], size: [1, 1] };
          for (const layer of chain) {
            rows = readBy(rows, layer.strides[axis], layer.kernelSize[axis], layer.padding[axis === 0 ? 0 : 2]);
            windows = windowBehind(windows, layer);
            const held = rowsOf(position, windows.strides[axis], windows.offset[axis], windows.size[axis]);
            expect([held[0], held.at(-1)]).toEqual([Math.min(...rows), Math.max(...rows)]);
            expect(windows.grid).toEqual([7, 9]);
          }
        }
      }),
    );
  });

  it('holds what the layer needs: nothing is padded between windows', () => {
    expect(onWindow({ strides: [2, 3] }, [5, 6])).toEqual({
      strides: [2, 3],
      padding: [0, 0, 0, 0],
      inputSize: [5, 6],
    });
  });
});
