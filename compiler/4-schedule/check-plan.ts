/**
 * Verifies a plan: a choice for every bound, none that does not apply, no estimate where something is to be proved, and no step of a
 * float32 certificate whose roundings are not known.
 */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { assertNever, found, invariant } from '../shared/assert.ts';
import { whyNot } from './applies.ts';
import { type Choice, isSketch, type Plan, printStrategy, type SingleStrategy, singlesOf } from './plan.ts';

export function checkPlan(plan: Plan, dual: DualNetwork): void {
  invariant(plan.choices.length === dual.bounds.length, 'a plan needs one choice for each bound');
  const sketch = plan.choices.find(({ strategy }) => singlesOf(strategy).some(isSketch));
  invariant(
    plan.purpose === 'train' || sketch === undefined,
    `a plan that certifies holds a sketch, for ${sketch?.bound}: a sketch is an estimate, not a proof`,
  );
  checkArithmetic(plan, dual);
  const choices = new Map<string, Choice>();
  for (const choice of plan.choices) {
    invariant(!choices.has(choice.bound), `two choices for ${choice.bound}`);
    choices.set(choice.bound, choice);
  }
  for (const bound of dual.bounds) {
    const choice = found(choices.get(bound.name), `choice for ${bound.name}`);
    const singles = singlesOf(choice.strategy);
    for (const single of singles) {
      const reason = whyNot(single.kind, bound, dual, plan.purpose);
      invariant(reason === null, `${single.kind} for ${bound.name}: ${reason}`);
      checkSizes(single, bound, dual);
    }
    if (choice.strategy.kind === 'best') checkBest(choice.bound, singles);
    checkAccount(choice);
  }
  const sketches = plan.choices.flatMap(({ strategy }) => (isSketch(strategy) ? strategy : []));
  const widths = new Set(sketches.map(({ projections }) => projections));
  invariant(widths.size <= 1, 'one sketch runs through the network: all its bounds need the same projections');
  const kinds = new Set(sketches.map(({ kind }) => kind));
  invariant(kinds.size <= 1, 'sketches run through the network merged or apart, not both');
}

/** The better of two bounds is one where both are proved. */
function checkBest(bound: string, singles: readonly SingleStrategy[]): void {
  invariant(singles.length >= 2, `the better of ${singles.length} for ${bound}`);
  invariant(!singles.some(isSketch), `the better of an estimate and a bound, for ${bound}, is neither`);
  invariant(new Set(singles.map(printStrategy)).size === singles.length, `the same strategy twice for ${bound}`);
}

function checkArithmetic({ purpose, arithmetic }: Plan, dual: DualNetwork): void {
  if (arithmetic.kind === 'real') return;
  invariant(purpose === 'certify', 'a plan that trains leaves rounding out');
  // Every layer of the graph is a step of some walk: the output needs it.
  for (const { id } of dual.graph.layers) {
    const terms = arithmetic.roundings.get(id);
    invariant(terms !== undefined, `a walk meets ${id}, and nothing says how float32 rounds there`);
    const counts = [terms.forward, terms.products, terms.backward, terms.readers];
    invariant(
      counts.every(count => Number.isInteger(count) && count >= 0),
      `the roundings of ${id} are no counts: ${counts.join(', ')}`,
    );
  }
}

/** What runs in chunks runs in equal ones, because shapes are static. */
function checkSizes(strategy: SingleStrategy, bound: Bound, dual: DualNetwork): void {
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
    case 'sparse': {
      const { rows, size, atMost } = strategy;
      checkSizes(rows, bound, dual);
      const fits = isCount(size) && Number.isInteger(atMost) && atMost >= 0 && Math.max(size, atMost) <= bound.rowCount;
      invariant(fits, `${size} at a time of at most ${atMost} rows, of ${bound.rowCount} of ${bound.name}`);
      return;
    }
    case 'sketch':
    case 'perLayerSketch':
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
  plan.choices.every(({ strategy }) => !singlesOf(strategy).some(isSketch));

function positionsOf(bound: Bound, dual: DualNetwork): number {
  const [height = 1, width = 1] = found(dual.layers.get(bound.of), bound.of).shape;
  return height * width;
}
