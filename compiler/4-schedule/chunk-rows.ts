/**
 * How many rows walk at once: the largest divisor of the row count whose tensors fit the budget. A divisor, so that every
 * chunk has the same static shape; at least one row, whatever the budget.
 */
export function chunkRows(rowCount: number, bytesPerRow: number, memoryBytes: number): number {
  const limit = Math.max(1, Math.floor(memoryBytes / Math.max(1, bytesPerRow)));
  for (let chunk = Math.min(limit, rowCount); chunk > 1; chunk--) if (rowCount % chunk === 0) return chunk;
  return 1;
}
