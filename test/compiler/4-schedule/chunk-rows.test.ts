import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkRows } from '../../../compiler/4-schedule/chunk-rows.ts';

describe('chunkRows', () => {
  it.each([
    [12, 10, 120, 12],
    [12, 10, 119, 6],
    [12, 10, 60, 6],
    [12, 10, 59, 4],
    [12, 10, 10, 1],
    [7, 10, 60, 1],
    [1, 10, 1000, 1],
  ])('%i rows of %i bytes in %i bytes: %i at a time', (rows, bytes, memory, chunk) => {
    expect(chunkRows(rows, bytes, memory)).toBe(chunk);
  });

  it('walks one row at a time when not even that fits', () => {
    expect(chunkRows(12, 10, 9)).toBe(1);
    expect(chunkRows(12, Number.POSITIVE_INFINITY, 9)).toBe(1);
  });

  it('walks all rows at once when they take nothing', () => expect(chunkRows(12, 0, 12)).toBe(12));

  it('gives the largest divisor that fits', () => {
    const count = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 90_000 }), (rows, bytes, memory) => {
        const chunk = chunkRows(rows, bytes, memory);
        expect(rows % chunk).toBe(0);
        if (chunk > 1) expect(chunk * bytes).toBeLessThanOrEqual(memory);
        for (let larger = chunk + 1; larger <= rows; larger++)
          if (rows % larger === 0) expect(larger * bytes).toBeGreaterThan(memory);
      }),
    );
  });
});
