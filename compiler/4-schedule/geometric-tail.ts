/**
 * How much a scale or a deviation that random draws estimate has to be enlarged, so that it is too small with a given probability only.
 * docs/probability.md derives both bounds; they are Chernoff's, so they hold for every number of draws, not for many only.
 *
 * Geometric mean of `k` Cauchy draws of scale `d` (paper, eq. 55), with `a = −(2/π)·log(1 − ε)`:
 *
 *     P(∏|s_i|^{1/k} ≤ (1 − ε) d) ≤ exp(−k (a·atan(a) − ½·log(1 + a²)))
 *
 * Root mean square of `k` normal draws of deviation `σ`, for `x < 1`:
 *
 *     P(Σ n_i² ≤ x·k·σ²) ≤ exp(½ k (1 − x + log x))
 */

/** Logarithm of the bound on the probability that a geometric mean of `k` Cauchy draws is at most `1 − epsilon` of their scale. */
export const logGeometricTail = (epsilon: number, k: number): number => -k * exponentAt(angleOf(epsilon));

/** The least `epsilon` for which that is at most `logProbability`, to float64's precision from above. */
export function epsilonFor(logProbability: number, k: number): number {
  const a = leastWhere(candidate => -k * exponentAt(candidate) <= logProbability);
  return -Math.expm1((-Math.PI / 2) * a);
}

/** Logarithm of the bound on the probability that `Σ n_i²` of `k` standard normal draws is at most `share · k`. */
export const logSquaresTail = (share: number, k: number): number => (k / 2) * (1 - share + Math.log(share));

/** The largest `share` below 1 for which that is at most `logProbability`, from below. */
export function shareFor(logProbability: number, k: number): number {
  // In terms of −log(share), which may be large.
  const depth = leastWhere(candidate => (k / 2) * (-Math.expm1(-candidate) - candidate) <= logProbability);
  return Math.exp(-depth);
}

const angleOf = (epsilon: number): number => (-2 / Math.PI) * Math.log1p(-epsilon);

/** `a·atan(a) − ½·log(1 + a²)`: 0 at 0, and rising. */
const exponentAt = (a: number): number => a * Math.atan(a) - Math.log1p(a * a) / 2;

/** The least positive number where `holds`, which does not hold at 0 and does from some number on. */
function leastWhere(holds: (candidate: number) => boolean): number {
  let high = 1;
  while (!holds(high)) high *= 2;
  let low = 0;
  for (let step = 0; step < 200 && high - low > high * Number.EPSILON; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
