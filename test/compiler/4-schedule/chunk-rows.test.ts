import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkRows, type Sized } from '../../../compiler/4-schedule/chunk-rows.ts';

/** How many rows walk at once where programs need so many bytes for so many rows. */
const sizeFor = (rowCount: number, memoryBytes: number, bytesFor: (rows: number) => number): number =>
  chunkRows({ rowCount, most: rowCount }, memoryBytes, rows => ({ bytes: bytesFor(rows) })).size;

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
    expect(sizeFor(rows, memory, count => count * bytes)).toBe(chunk);
  });

  it('walks one row at a time when not even that fits', () => {
    expect(sizeFor(12, 9, rows => rows * 10)).toBe(1);
    expect(sizeFor(12, 9, () => Number.POSITIVE_INFINITY)).toBe(1);
  });

  it('walks all rows at once when they take nothing', () => expect(sizeFor(12, 12, () => 0)).toBe(12));

  it('counts what does not grow with the rows', () => {
    expect(sizeFor(12, 150, rows => 100 + rows * 10)).toBe(4);
    expect(sizeFor(12, 160, rows => 100 + rows * 10)).toBe(6);
  });

  it('hands on what the program of that size weighed', () => {
    const weighed: (Sized & { readonly name: string })[] = [];
    const chunk = chunkRows({ rowCount: 12, most: 12 }, 60, rows => {
      weighed.push({ bytes: rows * 10, name: `${rows} rows` });
      return weighed.at(-1)!;
    });
    expect(chunk.weighed).toMatchObject({ name: '6 rows' });
    expect(weighed.map(({ name }) => name)).toEqual(['12 rows', '6 rows']);
  });

  it('goes on to smaller chunks where the straight line promised too much', () => {
    expect(sizeFor(12, 60, rows => (rows === 6 ? 61 : rows * 10))).toBe(4);
  });

  it('begins with the most rows there may be', () => {
    const asked: number[] = [];
    const weigh = (rows: number): Sized => {
      asked.push(rows);
      return { bytes: 30 + rows * 10 };
    };
    expect(chunkRows({ rowCount: 12, most: 6 }, 90, weigh).size).toBe(6);
    expect(chunkRows({ rowCount: 12, most: 6 }, 70, weigh).size).toBe(4);
    expect(asked).toEqual([6, 6, 4]);
  });

  it('gives the largest divisor that fits', () => {
    const count = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(count, count, count, fc.integer({ min: 1, max: 90_000 }), (rows, fixed, bytes, memory) => {
        const bytesFor = (size: number): number => fixed + size * bytes;
        const chunk = sizeFor(rows, memory, bytesFor);
        expect(rows % chunk).toBe(0);
        if (chunk > 1) expect(bytesFor(chunk)).toBeLessThanOrEqual(memory);
        for (let larger = chunk + 1; larger <= rows; larger++)
          if (rows % larger === 0) expect(bytesFor(larger)).toBeGreaterThan(memory);
      }),
    );
  });
});
