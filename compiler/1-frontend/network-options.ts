/** The options of `linf()`, `l2()` and `network()`. */
import type { LocatedBall, Operand, Pair } from './arch-ast.ts';
import type { OptionRows } from './option-rules.ts';
import * as rules from './option-rules.ts';

export interface LinfOptions {
  readonly epsilon: number;
  readonly box: Pair | null;
}
export interface L2Options {
  readonly epsilon: number;
}
export interface NetworkOptions {
  readonly input: Operand;
  readonly output: Operand;
  readonly ball: { readonly ball: LocatedBall | null };
}

export const linfOptions: OptionRows<LinfOptions> = {
  epsilon: { rule: rules.epsilon },
  box: { rule: (value, place) => (value === null ? null : rules.range(value, place)), default: null },
};
export const l2Options: OptionRows<L2Options> = { epsilon: { rule: rules.epsilon } };
export const networkOptions: OptionRows<NetworkOptions> = {
  input: { rule: rules.layer },
  output: { rule: rules.outputLayer },
  ball: { rule: rules.ball },
};
