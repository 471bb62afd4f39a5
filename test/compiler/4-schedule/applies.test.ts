import { describe, expect, it } from 'vitest';
import type { Bound, DualNetwork } from '../../../compiler/3-dual/dual.ts';
import { whyNot } from '../../../compiler/4-schedule/applies.ts';
import { convolutional, mlp, residual, textDual } from '../../support/text-graph.ts';

function boundOf(dual: DualNetwork, name: string): Bound {
  const bound = dual.bounds.find(candidate => candidate.name === name);
  if (bound === undefined) throw new Error(`no bound ${name}`);
  return bound;
}

const why = (text: string, bound: string, purpose: 'certify' | 'train' = 'certify') => {
  const dual = textDual(text);
  return (strategy: Parameters<typeof whyNot>[0]) => whyNot(strategy, boundOf(dual, bound), dual, purpose);
};

describe('whyNot', () => {
  it('lets backward and interval compute every bound of every plan', () => {
    for (const text of [mlp, residual, convolutional]) {
      const dual = textDual(text);
      for (const bound of dual.bounds)
        for (const purpose of ['certify', 'train'] as const) {
          expect(whyNot('backward', bound, dual, purpose)).toBeNull();
          expect(whyNot('interval', bound, dual, purpose)).toBeNull();
        }
    }
  });

  it('keeps sketches out of what certifies, and away from the margins', () => {
    expect(why(mlp, 'relu2')('sketch')).toBe('a sketch is an estimate, not a proof');
    expect(why(mlp, 'margins')('sketch')).toBe('a sketch is an estimate, not a proof');
    expect(why(mlp, 'relu2', 'train')('sketch')).toBeNull();
    expect(why(mlp, 'margins', 'train')('sketch')).toMatch(/margins are few/);
  });
});

describe('closed form', () => {
  it('applies where one matrix leads from the input', () => {
    expect(why(mlp, 'relu1')('closedForm')).toBeNull();
    expect(why(convolutional, 'relu1')('closedForm')).toBeNull();
  });

  it('applies through layers that only scale and reorder', () => {
    const text = `
      x = input() : [4, 4, 1]
      scaled = normalize(x) {mean: [0.5], std: [0.25]} : [4, 4, 1]
      flat = flatten(scaled) : [16]
      first = dense(flat) {units: 3, useBias: true} : [3]
      relu1 = relu(first) : [3]
      logits = dense(relu1) {units: 2, useBias: true} : [2]
      output logits`;
    expect(why(text, 'relu1')('closedForm')).toBeNull();
  });

  it('needs that no nonlinearity lies on the way', () => {
    expect(why(mlp, 'relu2')('closedForm')).toBe('a nonlinearity lies between the input and the bound');
  });

  it('needs one path: |a + b| is not |a| + |b|', () => {
    const text = `
      x = input() : [3]
      a = dense(x) {units: 3, useBias: true} : [3]
      sum = add(a, x) : [3]
      relu1 = relu(sum) : [3]
      logits = dense(relu1) {units: 2, useBias: true} : [2]
      output logits`;
    expect(why(text, 'relu1')('closedForm')).toBe('several paths lead from the input to the bound');
  });

  it('needs one matrix: |AB| is not |A||B|', () => {
    const text = `
      x = input() : [3]
      a = dense(x) {units: 3, useBias: true} : [3]
      b = dense(a) {units: 3, useBias: true} : [3]
      relu1 = relu(b) : [3]
      logits = dense(relu1) {units: 2, useBias: true} : [2]
      output logits`;
    expect(why(text, 'relu1')('closedForm')).toBe('several matrices lie between the input and the bound');
  });

  it('is not for the margins, whose rows differ between examples', () => {
    const text = `
      x = input() : [3]
      logits = dense(x) {units: 2, useBias: true} : [2]
      output logits`;
    expect(why(text, 'margins')('closedForm')).toBe('the rows of the margins differ between examples');
  });
});

describe('patches', () => {
  it('apply to maps behind a nonlinearity, to certify', () => {
    expect(why(convolutional, 'relu2')('patches')).toBeNull();
    expect(why(convolutional, 'relu3')('patches')).toBeNull();
  });

  it.each([
    ['relu1', 'certify', 'no nonlinearity lies on the way: the rows are the same for every example'],
    ['relu4', 'certify', 'a layer on the way is no map'],
    ['margins', 'certify', 'the rows of the margins depend on the whole input'],
    ['relu2', 'train', 'windows are for certifying: training rows walk whole maps'],
  ] as const)('do not apply to %s, to %s', (bound, purpose, reason) => {
    expect(why(convolutional, bound, purpose)('patches')).toBe(reason);
  });
});
