import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../../runtime/bench/spread.ts';

describe('spreadOf', () => {
  it('gives the ends and the middle, whatever the order', () => {
    expect(spreadOf([5, 1, 100])).toEqual({ min: 1, median: 5, max: 100, runs: 3 });
    expect(spreadOf([7])).toEqual({ min: 7, median: 7, max: 7, runs: 1 });
  });

  it('takes the mean of two in the middle', () => {
    expect(spreadOf([4, 1, 2, 100])).toEqual({ min: 1, median: 3, max: 100, runs: 4 });
  });

  it('refuses to speak of nothing', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});
