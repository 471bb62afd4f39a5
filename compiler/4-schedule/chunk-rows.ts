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
 * The largest divisor of the row count, no larger than `most`, whose program fits into memory. A divisor, so that every chunk has the same
 * static shape; at least one row, whatever the memory. `weigh` lowers the program for so many rows at once: it is asked for the most of them
 * first, and then, from the largest on, for divisors that may fit: as if all memory were that of rows, then on a straight line through what
 * was weighed.
 *
 * @param most a divisor itself
 */
export function chunkRows<T extends Sized>(
  { rowCount, most }: { readonly rowCount: number; readonly most: number },
  memoryBytes: number,
  weigh: (size: number) => T,
): Chunk<T> {
  const first = weigh(most);
  if (first.bytes <= memoryBytes || most === 1) return { size: most, weighed: first };
  let size = largestDivisor(rowCount, Math.min(most - 1, (most * memoryBytes) / first.bytes));
  for (;;) {
    const weighed = weigh(size);
    if (size === 1 || weighed.bytes <= memoryBytes) return { size, weighed };
    const perRow = Math.max(1, (first.bytes - weighed.bytes) / (most - size));
    size = largestDivisor(rowCount, Math.min(size - 1, size - (weighed.bytes - memoryBytes) / perRow));
  }
}

/** The largest that is no more than `limit`; 1 at least. */
function largestDivisor(count: number, limit: number): number {
  for (let size = Math.floor(limit); size > 1; size--) if (count % size === 0) return size;
  return 1;
}
