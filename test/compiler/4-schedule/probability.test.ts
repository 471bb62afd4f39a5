import { describe, expect, it } from 'vitest';
import { parseBoundsRequest } from '../../../compiler/4-schedule/bounds-request.ts';
import { checkPlan, provesSomething } from '../../../compiler/4-schedule/check-plan.ts';
import { chooseSchedule } from '../../../compiler/4-schedule/choose.ts';
import type { Plan, ProbableStrategy } from '../../../compiler/4-schedule/plan.ts';
import { candidateCosts } from '../../../compiler/candidate-cost.ts';
import { defaultOptions } from '../../../compiler/options.ts';
import { convolutional, textDual } from '../../support/text-graph.ts';

const asked = { delta: 0.01, projections: 64, estimators: 2 };
const linf = textDual(convolutional);
const l2 = textDual(`ball l2 0.5\n${convolutional}`);

function certifyPlan(dual = linf, bounds = '', probability: typeof asked | null = asked): Plan {
  const requests = parseBoundsRequest(bounds);
  return chooseSchedule(dual, { ...defaultOptions, requests, probability }, candidateCosts(dual)).certify;
}

const kinds = ({ choices }: Plan) => Object.fromEntries(choices.map(({ bound, strategy }) => [bound, strategy.kind]));

const withSketches = (plan: Plan, change: (strategy: ProbableStrategy) => ProbableStrategy): Plan => ({
  ...plan,
  choices: plan.choices.map(choice =>
    choice.strategy.kind === 'probable' ? { ...choice, strategy: change(choice.strategy) } : choice,
  ),
});

describe('a plan that holds with a probability', () => {
  it('estimates what has no closed form, and lets the rows of the margins walk', () => {
    const plan = certifyPlan();
    checkPlan(plan, linf);
    expect(kinds(plan)).toEqual({
      relu1: 'closedForm',
      relu2: 'probable',
      relu3: 'probable',
      relu4: 'probable',
      margins: 'backward',
    });
    expect(provesSomething(plan)).toBe(true);
    expect(plan.arithmetic.kind).toBe('float32');
  });

  it('counts a neuron once, and twice around an l2 ball', () => {
    expect(certifyPlan().probability?.estimates).toBe(64 + 64 + 10);
    expect(certifyPlan(l2).probability?.estimates).toBe(2 * (64 + 64 + 10));
    checkPlan(certifyPlan(l2), l2);
  });

  it('leaves out bounds that are asked for otherwise, which makes fewer estimates and a smaller factor', () => {
    const all = certifyPlan();
    const fewer = certifyPlan(linf, 'relu2=exact,relu3=interval');
    checkPlan(fewer, linf);
    expect(fewer.probability?.estimates).toBe(10);
    expect(fewer.probability?.tail).toBeLessThan(all.probability!.tail);
    const none = certifyPlan(linf, 'relu2=exact,relu3=exact,relu4=exact');
    expect(none.probability).toBeNull();
    checkPlan(none, linf);
  });

  it('takes a sketch for one where a probability is asked for, and for nothing else', () => {
    expect(kinds(certifyPlan(linf, 'sketch'))).toEqual(kinds(certifyPlan()));
    expect(kinds(certifyPlan(linf, 'certify:relu3=sketch')).relu3).toBe('probable');
    expect(() => certifyPlan(linf, 'certify:relu3=sketch', null)).toThrow(/an estimate, not a proof/);
    expect(() => certifyPlan(linf, 'certify:relu3=sketch:per-layer')).toThrow(/an estimate, not a proof/);
  });

  it.each(['interval', 'certify:exact', 'certify:best(band, crown)', 'certify:sketch:per-layer'])(
    'refuses another strategy for every bound: %s',
    bounds => {
      expect(() => certifyPlan(linf, bounds)).toThrow(/--probability estimates every bound that has no closed form/);
    },
  );

  it('does not touch the plan that trains', () => {
    const { train } = chooseSchedule(linf, { ...defaultOptions, probability: asked }, candidateCosts(linf));
    const plain = chooseSchedule(linf, defaultOptions, candidateCosts(linf));
    expect(kinds(train)).toEqual(kinds(plain.train));
    expect(train.probability).toBeNull();
  });
});

describe('checkPlan, of estimates that are to hold with a probability,', () => {
  const plan = certifyPlan();

  it.each<[string, (strategy: ProbableStrategy) => ProbableStrategy]>([
    ['enlarged too little', strategy => ({ ...strategy, cauchyFactor: strategy.cauchyFactor * 0.999 })],
    ['not enlarged', strategy => ({ ...strategy, cauchyFactor: 1 })],
    ['of a norm enlarged too little', strategy => ({ ...strategy, normalFactor: strategy.normalFactor * 0.999 })],
    ['of fewer draws than they are enlarged for', strategy => ({ ...strategy, projections: 32 })],
    ['of fewer estimators', strategy => ({ ...strategy, estimators: 1 })],
  ])('refuses some that are %s', (_, change) => {
    expect(() => checkPlan(withSketches(plan, change), linf)).toThrow(/fail with more than probability 0\.01/);
  });

  it('refuses a number of estimates that is not theirs, and a probability that nothing is estimated with', () => {
    const probability = { ...plan.probability!, estimates: 137 };
    expect(() => checkPlan({ ...plan, probability }, linf)).toThrow('the plan makes other than 137 estimates');
    expect(() => checkPlan({ ...plan, probability: null }, linf)).toThrow('states no probability');
    const exact = certifyPlan(linf, '', null);
    expect(() => checkPlan({ ...exact, probability: plan.probability }, linf)).toThrow('without estimates');
    const certain = { ...plan.probability!, delta: 1 };
    expect(() => checkPlan({ ...plan, probability: certain }, linf)).toThrow('fail with probability 1');
  });

  it('refuses means that square roots do not give, of none, and of what trains or is a margin', () => {
    const sized = (change: Partial<ProbableStrategy>) => () =>
      checkPlan(
        withSketches(plan, strategy => ({ ...strategy, cauchyFactor: 1e9, normalFactor: 1e9, ...change })),
        linf,
      );
    expect(sized({})).not.toThrow();
    expect(sized({ projections: 48 })).toThrow(/of a power of two/);
    expect(sized({ estimators: 1.5 })).toThrow(/the largest of 1\.5 means/);
    expect(() => checkPlan({ ...plan, purpose: 'train', arithmetic: { kind: 'real' } }, linf)).toThrow(
      'a tail bound is for certifying',
    );
  });
});
