/**
 * The account of a plan whose bounds hold with a probability: how many estimates it makes, and how far each is enlarged, so that all of
 * them hold at once with probability `1 − delta` (paper, Appendix E; docs/probability.md).
 */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { meetsNonlinearity } from './applies.ts';
import { epsilonFor, shareFor } from './geometric-tail.ts';
import type { Choice, Plan, Probability, ProbabilitySizes, ProbableStrategy } from './plan.ts';

/** How far estimates are enlarged. */
export type TailFactors = Pick<ProbableStrategy, 'cauchyFactor' | 'normalFactor'>;

/**
 * Estimates that the sketch of a bound makes. Every neuron has one, of the ℓ1 norm of all generators; around an ℓ2 ball one more, of the ball's own
 * norm, and that alone where no nonlinearity lies on the way.
 */
export function estimatesOf(bound: Bound, { graph }: DualNetwork): number {
  const perNeuron = graph.ball.norm === 'l2' && meetsNonlinearity(bound) ? 2 : 1;
  return perNeuron * bound.rowCount;
}

/** What so many estimates come to: each fails with probability `delta / estimates` at most, so that none does with probability `1 − delta`. */
export function probabilityFor({ delta, projections, estimators }: ProbabilitySizes, estimates: number): Probability {
  // The largest of several independent estimates is too small where all of them are.
  const logPerEstimate = Math.log(delta / estimates) / estimators;
  return {
    delta,
    projections,
    estimators,
    estimates,
    perEstimate: Math.exp(logPerEstimate),
    tail: epsilonFor(logPerEstimate, projections),
  };
}

/** The ball's part takes all draws of all estimators together: its bound is as good for their number, and there is no largest to take. */
export function factorsOf({ delta, estimates, projections, estimators, tail }: Probability): TailFactors {
  const draws = projections * estimators;
  const share = shareFor(Math.log(delta / estimates), draws);
  return { cauchyFactor: 1 / (1 - tail), normalFactor: 1 / Math.sqrt(share * draws) };
}

/** The same plan with every estimate enlarged as their number asks for. Without estimates there is nothing that a probability speaks of. */
export function withTails(plan: Plan, dual: DualNetwork, sizes: ProbabilitySizes | null): Plan {
  if (sizes === null) return plan;
  const estimates = estimatesIn(plan.choices, dual);
  if (estimates === 0) return plan;
  const probability = probabilityFor(sizes, estimates);
  const factors = factorsOf(probability);
  const enlarged = (choice: Choice): Choice =>
    choice.strategy.kind === 'probable' ? withStrategy(choice, { ...choice.strategy, ...factors }) : choice;
  return { ...plan, choices: plan.choices.map(enlarged), probability };
}

const withStrategy = (choice: Choice, strategy: ProbableStrategy): Choice => {
  const { bound, macs, milliseconds, bytesPerExample, why } = choice;
  return {
    ...{ bound, strategy, macs, milliseconds, bytesPerExample, why },
    get alternatives() {
      return choice.alternatives;
    },
  };
};

/** Of all bounds of a plan together. */
export function estimatesIn(choices: readonly Choice[], dual: DualNetwork): number {
  const bounds = new Map(dual.bounds.map(bound => [bound.name, bound]));
  return choices.reduce((sum, { bound, strategy }) => {
    const of = bounds.get(bound);
    return of !== undefined && strategy.kind === 'probable' ? sum + estimatesOf(of, dual) : sum;
  }, 0);
}
