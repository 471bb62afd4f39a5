import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noPadding, paddedSize, samePadding, windowCounts } from '../../../compiler/2-graph/padding.ts';

const windows = fc.record({
  input: fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })),
  kernelSize: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
  strides: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })),
});

describe('samePadding', () => {
  // Worked by hand: 12 wide, stride 2, six outputs; the last window starts at 10 and a kernel of 5 ends at 15, three beyond the input.
  it('puts the odd row at the bottom and the odd column on the right', () => {
    const padding = samePadding({ input: [12, 12], kernelSize: [5, 5], strides: [2, 2] });
    expect(padding).toEqual({ top: 1, bottom: 2, left: 1, right: 2 });
  });

  it('pads nothing when strides skip beyond the kernel', () => {
    expect(samePadding({ input: [7, 8], kernelSize: [2, 2], strides: [4, 4] })).toEqual(noPadding);
  });

  it('treats the axes apart', () => {
    const padding = samePadding({ input: [8, 8], kernelSize: [3, 1], strides: [1, 1] });
    expect(padding).toEqual({ top: 1, bottom: 1, left: 0, right: 0 });
  });

  it('gives ceil(size / stride) outputs with as little padding as that needs', () => {
    fc.assert(
      fc.property(windows, question => {
        const padding = samePadding(question);
        const counts = windowCounts(question, padding);
        const expected = question.input.map((size, axis) => Math.ceil(size / question.strides[axis]!));
        expect(counts).toEqual(expected);
        const less = { ...padding, bottom: padding.bottom - 1, right: padding.right - 1 };
        const fewer = windowCounts(question, less);
        if (padding.bottom > 0) expect(fewer[0]).toBeLessThan(counts[0]);
        if (padding.right > 0) expect(fewer[1]).toBeLessThan(counts[1]);
        expect(padding.bottom - padding.top).toBeOneOf([0, 1]);
      }),
    );
  });
});

describe('windowCounts', () => {
  it('counts the positions of the kernel', () => {
    fc.assert(
      fc.property(windows, ({ input, kernelSize, strides }) => {
        const padding = { top: 1, bottom: 0, left: 2, right: 3 };
        const [height, width] = paddedSize(input, padding);
        const positions = (size: number, kernel: number, stride: number): number => {
          let count = 0;
          for (let start = 0; start + kernel <= size; start += stride) count++;
          return count;
        };
        const expected = [positions(height, kernelSize[0], strides[0]), positions(width, kernelSize[1], strides[1])];
        expect(windowCounts({ input, kernelSize, strides }, padding)).toEqual(expected);
      }),
    );
  });
});
