/** What a cascade is: networks of one architecture, asked in order, of which the first that can prove its own answer gives it. */

/**
 * When a stage answers the class that it predicts at a point:
 * - `first`: its margins over the ball around the point exceed its threshold, and no stage before it answered (paper, Algorithm 2);
 * - `agreement`: moreover every stage before it predicts that class there, proved or not.
 */
export const cascadeRules = ['first', 'agreement'] as const;
export type CascadeRule = (typeof cascadeRules)[number];

export interface Cascade {
  readonly rule: CascadeRule;
  /** By stage, at least 0: margins have to be larger. */
  readonly thresholds: readonly number[];
}

/** What one stage says of each example by itself. Plain data. */
export interface StageVerdicts {
  /** The class it predicts; −1 where that is not known. */
  readonly classes: Int32Array;
  /** The least of the margins `J` of that class over the ball; NaN where nothing was proved or computed. */
  readonly margins: Float32Array;
  /** By how much the logit of that class exceeds the next one, at the example itself; NaN where logits are not numbers. */
  readonly leads: Float64Array;
  /** Examples in which the backend broke down. */
  readonly notComputed: readonly number[];
}

/** The class that is answered, and the number of the stage that proves it, counted from 0. */
export interface Answer {
  readonly class: number;
  readonly stage: number;
}
