/** Times as a sum of a constant, multiply-adds and entries, each at a rate of its own and none below 0. */
import type { Rate, Work } from '../../4-schedule/rates/rate.ts';

export interface Measured extends Work {
  readonly nanoseconds: number;
}

/** Least squares of relative errors: over every choice of rates that are 0, the best of those where the others come out positive. */
export function fitRate(cases: readonly Measured[]): Rate {
  const rows = cases.map(({ multiplyAdds, entries, nanoseconds }) =>
    [1, multiplyAdds, entries].map(value => value / nanoseconds),
  );
  let best = { error: Number.POSITIVE_INFINITY, rates: [0, 0, 0] };
  for (let mask = 1; mask < 8; mask++) {
    const columns = [0, 1, 2].filter(column => mask & (1 << column));
    const solved = solve(rows.map(row => columns.map(column => row[column]!)));
    if (solved === null || solved.some(rate => rate < 0)) continue;
    const rates = [0, 1, 2].map(column => solved[columns.indexOf(column)] ?? 0);
    const error = rows.reduce((sum, row) => sum + (row.reduce((x, value, i) => x + value * rates[i]!, 0) - 1) ** 2, 0);
    if (error < best.error) best = { error, rates };
  }
  const [perDispatch = 0, perMultiplyAdd = 0, perEntry = 0] = best.rates;
  return { perDispatch, perMultiplyAdd, perEntry };
}

/** `x` that makes `rows · x` nearest to all ones, by the normal equations; null where they do not tell. */
function solve(rows: readonly (readonly number[])[]): number[] | null {
  const size = rows[0]?.length ?? 0;
  const scale = Array.from({ length: size }, (_, i) => Math.max(...rows.map(row => Math.abs(row[i]!))));
  if (scale.some(value => value === 0)) return null;
  const scaled = rows.map(row => row.map((value, i) => value / scale[i]!));
  const matrix = scale.map((_, i) => [
    ...scale.map((_other, j) => scaled.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    scaled.reduce((sum, row) => sum + row[i]!, 0),
  ]);
  for (let pivot = 0; pivot < size; pivot++) {
    const row = matrix[pivot]!;
    if (Math.abs(row[pivot]!) < 1e-9) return null;
    for (let other = 0; other < size; other++) {
      if (other === pivot) continue;
      const factor = matrix[other]![pivot]! / row[pivot]!;
      matrix[other] = matrix[other]!.map((value, i) => value - factor * row[i]!);
    }
  }
  return matrix.map((row, i) => row[size]! / row[i]! / scale[i]!);
}
