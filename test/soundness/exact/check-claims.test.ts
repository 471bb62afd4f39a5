/** What counts as a failure: one step of a float is enough, and nothing is allowed for. */
import { describe, expect, it } from 'vitest';
import { hasRole } from '../../../compiler/2-graph/roles.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import { checkClaims, isProof } from './check-claims.ts';
import type { Claims } from './claims.ts';
import { drawStructure } from './draw-subject.ts';
import { overflow } from './families/overflow.ts';
import { nextFloat } from './float32-points.ts';
import { type Observed, observe } from './observe.ts';
import type { ExactSubject } from './subject.ts';

const effort = { points: 8, steps: 3, neurons: 8, pieces: 60, rounded: 2 };

/** The tightest float32 claims that nothing seen refutes. */
function tightest({ graph }: ExactSubject, observed: Observed): Claims {
  const both = [observed.real, observed.float32];
  const least = (layer: Parameters<Observed['real']['get']>[0]): number[] =>
    both[0]!.get(layer)!.least.map((_, i) => below(Math.min(...both.map(own => own.get(layer)!.least[i]!.about))));
  const greatest = (layer: Parameters<Observed['real']['get']>[0]): number[] =>
    both[0]!
      .get(layer)!
      .greatest.map((_, i) => -below(-Math.max(...both.map(own => own.get(layer)!.greatest[i]!.about))));
  const nonlinearities = graph.layers.filter(layer => hasRole(layer, 'nonlinearity'));
  const bounds = nonlinearities.map(({ id, inputs }) => [
    id,
    { lower: least(inputs[0]!), upper: greatest(inputs[0]!) },
  ]);
  return { name: 'the tightest', arithmetic: 'float32', margins: least('margins'), bounds: Object.fromEntries(bounds) };
}

/** A float32 that is not above the number. */
function below(value: number): number {
  const rounded = Math.fround(value);
  return rounded <= value - Math.abs(value) * 1e-12 || value === 0 ? rounded : nextFloat(rounded, -1);
}

describe('claims', () => {
  const { draw } = drawStructure('tiny', seededNumbers(3));
  const subject = draw(seededNumbers(8));
  const observed = observe(subject, effort, seededNumbers(1));
  const right = tightest(subject, observed);

  it('hold when they are below all that was seen', () => {
    const { failures, comparisons } = checkClaims(subject, observed, right);
    expect(failures).toEqual([]);
    expect(comparisons).toBeGreaterThan(2);
  });

  it('fail when a margin is some steps of a float32 too high', () => {
    const wrong = Array.from(right.margins, value => nextFloat(nextFloat(nextFloat(value, 1), 1), 1));
    const { failures } = checkClaims(subject, observed, { ...right, margins: wrong });
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.every(({ kind }) => kind === 'margin')).toBe(true);
  });

  it('fail when a bound is some steps of a float32 too narrow', () => {
    for (const end of ['lower', 'upper'] as const) {
      const step = end === 'lower' ? 1 : -1;
      const narrowed = Object.entries(right.bounds).map(([id, own]) => [
        id,
        { ...own, [end]: Array.from(own[end], value => nextFloat(nextFloat(nextFloat(value, step), step), step)) },
      ]);
      const { failures } = checkClaims(subject, observed, { ...right, bounds: Object.fromEntries(narrowed) });
      expect(failures.map(({ kind }) => kind)).toContain(end);
    }
  });

  it('that are not finite certify nothing', () => {
    expect([1, Number.POSITIVE_INFINITY, Number.NaN, 0, -1].map(isProof)).toEqual([true, false, false, false, false]);
    const infinite = Array.from(right.margins, () => Number.POSITIVE_INFINITY);
    const bounds = Object.fromEntries(
      Object.entries(right.bounds).map(([id, { lower, upper }]) => [
        id,
        { lower: Array.from(lower, () => Number.NaN), upper },
      ]),
    );
    expect(checkClaims(subject, observed, { ...right, margins: infinite, bounds }).failures).toEqual([]);
  });

  it('of a finite margin fail where float32 has none, if they were computed in float32', () => {
    // Infinity minus infinity: real numbers have a margin of 0, float32 has none.
    const large = overflow(3e38, 0);
    const subject = {
      ...large,
      x: Float32Array.of(2, 2),
      params: { ...large.params, 'dense2.weight': Float32Array.of(1, 1, 1, 1) },
    };
    const seen = observe(subject, effort, seededNumbers(1));
    const claims: Claims = { name: 'a claim', arithmetic: 'float32', margins: [0, -1], bounds: {} };
    const { failures } = checkClaims(subject, seen, claims);
    expect(failures.map(({ network, excess }) => [network, excess])).toEqual([['float32', Number.POSITIVE_INFINITY]]);
    expect(checkClaims(subject, seen, { ...claims, arithmetic: 'float64' }).failures).toEqual([]);
  });
});
