/** Small helpers to draw with. `Next` gives numbers in [0, 1). */

export type Next = () => number;

export const pick = <T>(next: Next, items: readonly T[]): T => items[Math.floor(next() * items.length)]!;

/** From `low` to `high`, both included. */
export const whole = (next: Next, low: number, high: number): number => low + Math.floor(next() * (high - low + 1));

export const chance = (next: Next, share: number): boolean => next() < share;

export const normal = (next: Next): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** Up to `count` steps to a neighbouring float32, up or down. */
export const nudged = (next: Next, value: number, count = 1): number =>
  Math.fround(value * (1 + Math.round((2 * next() - 1) * count) * 2 ** -23));
