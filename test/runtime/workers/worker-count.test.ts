import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { mostWorkers, usefulWorkers, usualBatch } from '../../../runtime/workers/worker-count.ts';

describe('the number of workers', () => {
  it('is at most that of cores, and leaves 1 GiB of the memory to each', () => {
    const cores = os.availableParallelism();
    expect(mostWorkers(2 ** 60)).toBe(cores);
    expect(mostWorkers(2 ** 29)).toBe(1);
    expect(mostWorkers(2 ** 31)).toBe(Math.min(2, cores));
    expect(mostWorkers(undefined)).toBeGreaterThanOrEqual(1);
    expect(mostWorkers(undefined)).toBeLessThanOrEqual(cores);
  });

  it('that was asked for is at most that of batches', () => {
    expect(usefulWorkers(3, 8, 2)).toBe(2);
    expect(usefulWorkers(3, 1, 5)).toBe(3);
  });

  it('that nobody asked for grows with the batches', () => {
    expect([1, 8, 15, 16, 24, 1000].map(batches => usefulWorkers(undefined, 4, batches))).toEqual([1, 1, 1, 2, 3, 4]);
  });
});

it('the usual batch is a sixteenth of the examples, within bounds', () => {
  expect([1, 100, 128, 129, 400, 512, 10_000].map(usualBatch)).toEqual([8, 8, 8, 9, 25, 32, 32]);
});
