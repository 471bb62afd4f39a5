import { describe, expect, it } from 'vitest';
import { checkPlan, provesSomething } from '../../../compiler/4-schedule/check-plan.ts';
import { chooseSchedule } from '../../../compiler/4-schedule/choose.ts';
import type { Choice, Plan, Strategy } from '../../../compiler/4-schedule/plan.ts';
import { candidateCosts } from '../../../compiler/candidate-cost.ts';
import { defaultOptions } from '../../../compiler/options.ts';
import { InternalError } from '../../../compiler/shared/assert.ts';
import { convolutional, textDual } from '../../support/text-graph.ts';

const dual = textDual(convolutional);
const { certify, train } = chooseSchedule(dual, defaultOptions, candidateCosts(dual));

const changed = (plan: Plan, bound: string, change: Partial<Choice>): Plan => ({
  ...plan,
  choices: plan.choices.map(choice => (choice.bound === bound ? { ...choice, ...change } : choice)),
});
const withStrategy = (plan: Plan, bound: string, strategy: Strategy): Plan => changed(plan, bound, { strategy });
const sketch = (projections: number): Strategy => ({ kind: 'sketch', projections, estimator: 'ml' });

describe('checkPlan', () => {
  it('accepts what was chosen', () => {
    checkPlan(certify, dual);
    checkPlan(train, dual);
  });

  it('refuses to certify a step whose roundings nobody states', () => {
    expect(certify.arithmetic.kind).toBe('float32');
    if (certify.arithmetic.kind !== 'float32') return;
    for (const { id } of dual.graph.layers) {
      const roundings = new Map(certify.arithmetic.roundings);
      roundings.delete(id);
      const without: Plan = { ...certify, arithmetic: { kind: 'float32', roundings } };
      expect(() => checkPlan(without, dual), id).toThrow(/nothing says how float32 rounds there/);
      roundings.set(id, { forward: Number.NaN, products: 1, backward: 1, readers: 1 });
      expect(() => checkPlan(without, dual), id).toThrow(/are no counts/);
    }
  });

  it('refuses rounding terms in a plan that trains', () => {
    expect(() => checkPlan({ ...train, arithmetic: certify.arithmetic }, dual)).toThrow(/leaves rounding out/);
  });

  it('refuses a sketch in a plan that certifies: it is an estimate, not a proof', () => {
    for (const bound of ['relu1', 'relu2', 'relu4', 'margins'])
      expect(() => checkPlan(withStrategy(certify, bound, sketch(10)), dual)).toThrow(
        new InternalError(`a plan that certifies holds a sketch, for ${bound}: a sketch is an estimate, not a proof`),
      );
  });

  it('refuses the whole plan that trains when it is passed off as one that certifies', () => {
    expect(train.choices.some(({ strategy }) => strategy.kind === 'sketch')).toBe(true);
    expect(() => checkPlan({ ...train, purpose: 'certify' }, dual)).toThrow(/holds a sketch/);
  });

  it.each<[string, Strategy, string]>([
    ['relu2', { kind: 'closedForm' }, 'a nonlinearity lies between the input and the bound'],
    ['relu4', { kind: 'patches', relaxation: 'band', positions: 1 }, 'a layer on the way is no map'],
    [
      'margins',
      { kind: 'patches', relaxation: 'band', positions: 1 },
      'the rows of the margins depend on the whole input',
    ],
  ])('refuses what does not apply: %s by %j', (bound, strategy, reason) => {
    expect(() => checkPlan(withStrategy(certify, bound, strategy), dual)).toThrow(
      new InternalError(`${strategy.kind} for ${bound}: ${reason}`),
    );
  });

  it('refuses windows and a sketch of the margins in a plan that trains', () => {
    expect(() =>
      checkPlan(withStrategy(train, 'relu2', { kind: 'patches', relaxation: 'band', positions: 1 }), dual),
    ).toThrow(/patches for relu2/);
    expect(() => checkPlan(withStrategy(train, 'margins', sketch(10)), dual)).toThrow(/sketch for margins/);
  });

  it.each([3, 0, -2, 2.5, 64 * 2, Number.NaN])('refuses chunks of %d for 64 rows', chunk => {
    expect(() =>
      checkPlan(withStrategy(certify, 'relu3', { kind: 'backward', relaxation: 'band', chunk }), dual),
    ).toThrow(new InternalError(`chunks of ${chunk} do not divide the 64 rows of relu3`));
  });

  it.each([3, 0, -4, 1.6, 32])('refuses %d positions of a map of 16', positions => {
    expect(() =>
      checkPlan(withStrategy(certify, 'relu3', { kind: 'patches', relaxation: 'band', positions }), dual),
    ).toThrow(new InternalError(`${positions} positions do not divide the map of relu3`));
  });

  it('refuses to cut the rows of the margins: they are lowered as one', () => {
    expect(() =>
      checkPlan(withStrategy(certify, 'margins', { kind: 'backward', relaxation: 'band', chunk: 1 }), dual),
    ).toThrow(new InternalError('the rows of the margins walk together'));
  });

  it('refuses sketches without columns, and of two widths', () => {
    expect(() => checkPlan(withStrategy(train, 'relu2', sketch(0)), dual)).toThrow('0 projections for relu2');
    expect(() => checkPlan(withStrategy(train, 'relu2', sketch(11)), dual)).toThrow(/need the same projections/);
  });

  it('refuses a plan with a choice too few, too many, or for a bound that there is not', () => {
    const [first, ...rest] = certify.choices;
    const number = 'a plan needs one choice for each bound';
    expect(() => checkPlan({ ...certify, choices: rest }, dual)).toThrow(number);
    expect(() => checkPlan({ ...certify, choices: [first!, first!, ...rest] }, dual)).toThrow(number);
    expect(() => checkPlan(changed(certify, 'relu2', { bound: 'relu9' }), dual)).toThrow('missing choice for relu2');
    expect(() => checkPlan(changed(certify, 'relu2', { bound: 'relu1' }), dual)).toThrow('two choices for relu1');
  });

  it('refuses a choice without cost or reason', () => {
    for (const cost of [{ macs: Number.NaN }, { macs: -1 }, { bytesPerExample: Number.POSITIVE_INFINITY }])
      expect(() => checkPlan(changed(certify, 'relu2', cost), dual)).toThrow('the choice for relu2 has no cost');
    expect(() => checkPlan(changed(certify, 'relu2', { why: '' }), dual)).toThrow('the choice for relu2 has no reason');
  });
});

describe('provesSomething', () => {
  it('is true as long as there is no sketch', () => {
    expect(provesSomething(certify)).toBe(true);
    expect(provesSomething(train)).toBe(false);
    expect(provesSomething(withStrategy(certify, 'relu2', { kind: 'interval' }))).toBe(true);
  });
});
