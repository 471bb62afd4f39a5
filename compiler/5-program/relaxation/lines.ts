/**
 * What a nonlinearity lies between: two lines over `[lower, upper]`, `lower(z) ≤ σ(z) ≤ upper(z)`. Everything is `[batch, …layer]`.
 */
import type { ValueId } from '../../shared/ids.ts';

/** Bounds of the nonlinearity's input. */
export interface BoundValues {
  readonly lower: ValueId;
  readonly upper: ValueId;
}

/** `slope·z + intercept`. An intercept of null is 0. */
export interface Line {
  readonly slope: ValueId;
  readonly intercept: ValueId | null;
}

/** In a band both slopes are one value. */
export interface Lines {
  readonly lower: Line;
  readonly upper: Line;
}

/**
 * For which arithmetic lines are found. `outward`: they hold for the slopes as float32 computed them; intercepts may be off by four
 * roundings of themselves and by 8η, which the relaxation pays for.
 */
export type Exactness = 'real' | 'outward';
