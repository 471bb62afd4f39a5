/** Times as a sum of a constant, multiply-adds and entries, each at a rate of its own and none below 0. */
import type { Rate, Work } from '../../4-schedule/rates/rate.ts';

export interface Measured extends Work {
  readonly nanoseconds: number;
}

/**
 * Over every choice of rates that are 0, the best of those where the others come out positive, by `Σ (p − t)²/(p·t)` of predicted and measured times.
 * Each is found by least squares with the weights `1/(p·t)`, `p` as of the turn before. With `1/t²`, errors relative to what was measured, a family whose
 * times scatter would be foretold too low: no error is larger than 1 there for a time that is too small.
 */
export function fitRate(cases: readonly Measured[]): Rate {
  let best = { error: Number.POSITIVE_INFINITY, rates: [0, 0, 0] };
  for (let mask = 1; mask < 8; mask++) {
    const columns = [0, 1, 2].filter(column => mask & (1 << column));
    const rates = fitColumns(cases, columns);
    if (rates === null) continue;
    const error = cases.reduce((sum, each) => {
      const predicted = timeAt(rates, each);
      return sum + (predicted - each.nanoseconds) ** 2 / (predicted * each.nanoseconds);
    }, 0);
    if (error < best.error) best = { error, rates };
  }
  const [perDispatch = 0, perMultiplyAdd = 0, perEntry = 0] = best.rates;
  return { perDispatch, perMultiplyAdd, perEntry };
}

const factorsOf = ({ multiplyAdds, entries }: Work): number[] => [1, multiplyAdds, entries];
const timeAt = (rates: readonly number[], work: Work): number =>
  factorsOf(work).reduce((sum, factor, i) => sum + factor * rates[i]!, 0);

/** Until weights and rates agree. */
const turns = 30;

/** Null where a rate is not told by the cases, or comes out below 0. */
function fitColumns(cases: readonly Measured[], columns: readonly number[]): number[] | null {
  let predicted = cases.map(({ nanoseconds }) => nanoseconds);
  let rates: number[] | null = null;
  for (let turn = 0; turn < turns; turn++) {
    const weights = cases.map(({ nanoseconds }, i) => 1 / Math.sqrt(predicted[i]! * nanoseconds));
    const solved = solve(
      cases.map((each, i) => {
        const factors = factorsOf(each);
        return columns.map(column => factors[column]! * weights[i]!);
      }),
      cases.map(({ nanoseconds }, i) => nanoseconds * weights[i]!),
    );
    if (solved === null || solved.some(rate => rate < 0)) return null;
    rates = [0, 1, 2].map(column => solved[columns.indexOf(column)] ?? 0);
    predicted = cases.map(each => timeAt(rates ?? [], each));
    // A case that none of these rates counts for.
    if (predicted.some(time => time <= 0)) return null;
  }
  return rates;
}

/** `x` that makes `rows · x` nearest to `values`, by the normal equations; null where they do not tell. */
function solve(rows: readonly (readonly number[])[], values: readonly number[]): number[] | null {
  const size = rows[0]?.length ?? 0;
  const scale = Array.from({ length: size }, (_, i) => Math.max(...rows.map(row => Math.abs(row[i]!))));
  if (scale.some(value => value === 0)) return null;
  const scaled = rows.map(row => row.map((value, i) => value / scale[i]!));
  const matrix = scale.map((_, i) => [
    ...scale.map((_other, j) => scaled.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    scaled.reduce((sum, row, j) => sum + row[i]! * values[j]!, 0),
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
