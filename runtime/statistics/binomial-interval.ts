/** Exact confidence intervals of a rate that was counted on a sample. */
// For programs that compile the runtime from its sources, and do not list this file.
/// <reference path="./jstat.d.ts" />
import jStat from 'jstat';

/** Lower and upper end of an interval, both in [0, 1]. */
export type Interval = readonly [lower: number, upper: number];

/**
 * The exact interval of Clopper and Pearson (1934) for the rate behind `count` events among `total` independent
 * examples: it covers the true rate with at least the given confidence. Raises `RangeError` unless 0 ≤ count ≤ total,
 * total ≥ 1.
 */
export function binomialInterval(count: number, total: number, confidence = 0.95): Interval {
  const whole = Number.isInteger(count) && Number.isInteger(total);
  if (!whole || count < 0 || total < 1 || count > total) throw new RangeError(`no interval for ${count} of ${total}`);
  const tail = (1 - confidence) / 2;
  return [
    count === 0 ? 0 : jStat.beta.inv(tail, count, total - count + 1),
    count === total ? 1 : jStat.beta.inv(1 - tail, count + 1, total - count),
  ];
}
