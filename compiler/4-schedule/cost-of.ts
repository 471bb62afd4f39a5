/** What a strategy costs for a bound. The answer is read off the program that they are lowered to, which no schedule knows. */
import type { Bound } from '../3-dual/dual.ts';
import type { Arithmetic, Cost, SingleStrategy } from './plan.ts';

export interface CostSetting {
  readonly arithmetic: Arithmetic;
  /** Of a batch: they share what does not depend on an example. */
  readonly examples: number;
}

export type CostOf = (bound: Bound, strategy: SingleStrategy, setting: CostSetting) => Cost;
