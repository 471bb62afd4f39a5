/** How many rows walk at once. */

export interface Sized {
  /** Of all tensors alive at once, on the whole batch. */
  readonly bytes: number;
}

export interface Chunk<T extends Sized> {
  readonly size: number;
  readonly weighed: T;
}

/**
 * The largest divisor of the row count whose program fits into memory. A divisor, so that every chunk has the same static shape; at least
 * one row, whatever the memory. `weigh` lowers the program for so many rows at once: it is asked for all of them first, then for one
 * row, and then for those divisors that a straight line between the two lets fit.
 */
export function chunkRows<T extends Sized>(
  rowCount: number,
  memoryBytes: number,
  weigh: (size: number) => T,
): Chunk<T> {
  const all = weigh(rowCount);
  if (all.bytes <= memoryBytes || rowCount === 1) return { size: rowCount, weighed: all };
  const one = weigh(1);
  const perRow = Math.max(1, (all.bytes - one.bytes) / (rowCount - 1));
  const limit = Math.min(rowCount - 1, 1 + Math.floor((memoryBytes - one.bytes) / perRow));
  for (let size = limit; size > 1; size--) {
    if (rowCount % size !== 0) continue;
    const weighed = weigh(size);
    if (weighed.bytes <= memoryBytes) return { size, weighed };
  }
  return { size: 1, weighed: one };
}
