/**
 * Verifies a plan: a choice for every bound, none that does not apply, no estimate where something is to be proved, and no step of a
 * float32 certificate whose roundings are not known.
 */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { assertNever, found, invariant } from '../shared/assert.ts';
import { whyNot } from './applies.ts';
import { logGeometricTail, logSquaresTail } from './geometric-tail.ts';
import { type Choice, isSketch, type Plan, printStrategy, type SingleStrategy, singlesOf } from './plan.ts';
import { estimatesIn } from './probability.ts';

export function checkPlan(plan: Plan, dual: DualNetwork): void {
  invariant(plan.choices.length === dual.bounds.length, 'a plan needs one choice for each bound');
  const sketch = plan.choices.find(({ strategy }) => singlesOf(strategy).some(isSketch));
  invariant(
    plan.purpose === 'train' || sketch === undefined,
    `a plan that certifies holds a sketch, for ${sketch?.bound}: a sketch is an estimate, not a proof`,
  );
  checkArithmetic(plan, dual);
  checkProbability(plan, dual);
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

/** That all estimates together fail with the probability that the plan states, and no more: counted and bounded here once more. */
function checkProbability({ choices, probability }: Plan, dual: DualNetwork): void {
  const probable = choices.flatMap(({ strategy }) => singlesOf(strategy).filter(single => single.kind === 'probable'));
  invariant(
    (probability !== null) === probable.length > 0,
    probability === null
      ? 'a plan with estimates states no probability'
      : 'a plan without estimates states a probability',
  );
  if (probability === null) return;
  const { delta, estimates } = probability;
  invariant(delta > 0 && delta < 1, `all estimates together fail with probability ${delta}`);
  invariant(estimates === estimatesIn(choices, dual), `the plan makes other than ${estimates} estimates`);
  for (const { projections, estimators, cauchyFactor, normalFactor } of probable) {
    const draws = projections * estimators;
    const ofCauchy = estimators * logGeometricTail(1 - 1 / cauchyFactor, projections);
    const ofNormal = logSquaresTail(1 / (normalFactor ** 2 * draws), draws);
    const allowed = Math.log(delta / estimates) + tailRounding;
    invariant(
      ofCauchy <= allowed && ofNormal <= allowed,
      `${estimates} estimates fail with more than probability ${delta}: they are enlarged by ${cauchyFactor} and ${normalFactor}`,
    );
  }
}

/** Of float64, in the logarithm of a probability. */
const tailRounding = 1e-9;

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
    case 'probable': {
      const { projections, estimators } = strategy;
      const isPower = isCount(projections) && Number.isInteger(Math.log2(projections));
      invariant(
        isPower,
        `a mean of ${projections} draws for ${bound.name}: it is taken by square roots, of a power of two`,
      );
      invariant(isCount(estimators), `the largest of ${estimators} means for ${bound.name}`);
      return;
    }
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

/** Whether none of its bounds is an estimate that nothing is known of. */
export const provesSomething = (plan: Plan): boolean =>
  plan.choices.every(({ strategy }) => !singlesOf(strategy).some(isSketch));

function positionsOf(bound: Bound, dual: DualNetwork): number {
  const [height = 1, width = 1] = found(dual.layers.get(bound.of), bound.of).shape;
  return height * width;
}
