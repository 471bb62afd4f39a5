/** What is said of several measurements of one thing. */

export interface Spread {
  readonly min: number;
  /** The middle value; of an even number the mean of the two in the middle. */
  readonly median: number;
  readonly max: number;
  /** How many there are. */
  readonly runs: number;
}

/** Raises `RangeError` when there are none. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('nothing was measured');
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const half = (sorted.length - 1) / 2;
  return {
    min: at(0),
    median: (at(Math.floor(half)) + at(Math.ceil(half))) / 2,
    max: at(sorted.length - 1),
    runs: sorted.length,
  };
}
