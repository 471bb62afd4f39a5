/**
 * Verifies a plan: a choice for every bound, none that does not apply, no estimate where something is to be proved, and no step of a
 * float32 certificate whose roundings are not known.
 */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { assertNever, found, invariant } from '../shared/assert.ts';
import { whyNot } from './applies.ts';
import type { Choice, Plan, Strategy } from './plan.ts';

export function checkPlan(plan: Plan, dual: DualNetwork): void {
  invariant(plan.choices.length === dual.bounds.length, 'a plan needs one choice for each bound');
  const sketch = plan.choices.find(({ strategy }) => strategy.kind === 'sketch');
  invariant(
    plan.purpose === 'train' || sketch === undefined,
    `a plan that certifies holds a sketch, for ${sketch?.bound}: a sketch is an estimate, not a proof`,
  );
  checkArithmetic(plan, dual);
  for (const bound of dual.bounds) {
    const choice = found(
      plan.choices.find(candidate => candidate.bound === bound.name),
      `choice for ${bound.name}`,
    );
    const reason = whyNot(choice.strategy.kind, bound, dual, plan.purpose);
    invariant(reason === null, `${choice.strategy.kind} for ${bound.name}: ${reason}`);
    checkSizes(choice.strategy, bound, dual);
    checkAccount(choice);
  }
  const widths = new Set(
    plan.choices.flatMap(({ strategy }) => ('projections' in strategy ? strategy.projections : [])),
  );
  invariant(widths.size <= 1, 'one sketch runs through the network: all its bounds need the same projections');
}

function checkArithmetic({ purpose, arithmetic }: Plan, dual: DualNetwork): void {
  if (arithmetic.kind === 'real') return;
  invariant(purpose === 'certify', 'a plan that trains leaves rounding out');
  for (const { name, walk } of dual.bounds)
    for (const { of } of walk) {
      const terms = arithmetic.roundings.get(of);
      invariant(terms !== undefined, `bound ${name} meets ${of}, and nothing says how float32 rounds there`);
      const counts = [terms.forward, terms.products, terms.backward, terms.readers];
      invariant(
        counts.every(count => Number.isInteger(count) && count >= 0),
        `the roundings of ${of} are no counts: ${counts.join(', ')}`,
      );
    }
}

/** What runs in chunks runs in equal ones, because shapes are static. */
function checkSizes(strategy: Strategy, bound: Bound, dual: DualNetwork): void {
  switch (strategy.kind) {
    case 'patches': {
      const { positions } = strategy;
      const divides = isCount(positions) && positionsOf(bound, dual) % positions === 0;
      invariant(divides, `${positions} positions do not divide the map of ${bound.name}`);
      return;
    }
    case 'backward': {
      const { chunk } = strategy;
      const divides = isCount(chunk) && bound.rowCount % chunk === 0;
      invariant(divides, `chunks of ${chunk} do not divide the ${bound.rowCount} rows of ${bound.name}`);
      invariant(bound.rows === 'identity' || chunk === bound.rowCount, 'the rows of the margins walk together');
      return;
    }
    case 'sketch':
      invariant(isCount(strategy.projections), `${strategy.projections} projections for ${bound.name}`);
      return;
    case 'closedForm':
    case 'interval':
      return;
    default:
      assertNever(strategy);
  }
}

/** Every choice says what it costs and why it was made. */
function checkAccount({ bound, macs, bytesPerExample, why }: Choice): void {
  invariant(
    Number.isFinite(macs) && macs >= 0 && Number.isFinite(bytesPerExample) && bytesPerExample >= 0,
    `the choice for ${bound} has no cost`,
  );
  invariant(why !== '', `the choice for ${bound} has no reason`);
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;

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
