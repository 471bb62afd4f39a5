import { binomialInterval, type Interval } from './binomial-interval.ts';

/** Events among examples, with the exact 95 % interval of the rate behind them. */
export interface Rate {
  readonly count: number;
  readonly examples: number;
  /** In [0, 1]. */
  readonly rate: number;
  readonly interval: Interval;
}

/** The rate of `count` among `examples`, at least one. */
export function rateOf(count: number, examples: number): Rate {
  return { count, examples, rate: count / examples, interval: binomialInterval(count, examples) };
}

/** `6.2 % (62 of 1000; 95 % interval 4.8 to 7.9 %)`. */
export function printRate({ count, examples, rate, interval }: Rate): string {
  const [lower, upper] = interval.map(end => (100 * end).toFixed(1));
  return `${(100 * rate).toFixed(1)} % (${count} of ${examples}; 95 % interval ${lower} to ${upper} %)`;
}
