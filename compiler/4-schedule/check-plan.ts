/** Verifies a plan: a choice for every bound, none that does not apply, and no estimate where something is to be proved. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { found, invariant } from '../shared/assert.ts';
import { whyNot } from './applies.ts';
import type { Plan } from './plan.ts';

export function checkPlan(plan: Plan, dual: DualNetwork): void {
  invariant(plan.choices.length === dual.bounds.length, 'a plan needs one choice for each bound');
  for (const bound of dual.bounds) {
    const { strategy } = found(
      plan.choices.find(choice => choice.bound === bound.name),
      `choice for ${bound.name}`,
    );
    const reason = whyNot(strategy.kind, bound, dual, plan.purpose);
    invariant(reason === null, `${strategy.kind} for ${bound.name}: ${reason}`);
    invariant(
      plan.purpose === 'train' || isDeterministic(plan),
      `a plan that certifies holds a sketch, for ${bound.name}`,
    );
    if (strategy.kind === 'patches') {
      invariant(
        positionsOf(bound, dual) % strategy.positions === 0,
        `${strategy.positions} positions do not divide the map of ${bound.name}`,
      );
    }
    if (strategy.kind === 'backward') {
      const { chunk } = strategy;
      invariant(
        chunk >= 1 && bound.rowCount % chunk === 0,
        `chunks of ${chunk} do not divide the ${bound.rowCount} rows of ${bound.name}`,
      );
    }
  }
}

/** Whether every bound of the plan holds with certainty. */
export const isDeterministic = (plan: Plan): boolean =>
  plan.choices.every(({ strategy }) => strategy.kind !== 'sketch');

function positionsOf(bound: Bound, dual: DualNetwork): number {
  const [height = 1, width = 1] = found(
    dual.graph.layers.find(layer => layer.id === bound.of),
    bound.of,
  ).shape;
  return height * width;
}
