import { describe, expect, it } from 'vitest';
import { parseBoundsRequest } from '../../../compiler/4-schedule/bounds-request.ts';
import { chooseSchedule } from '../../../compiler/4-schedule/choose.ts';
import { printStrategy, type Strategy } from '../../../compiler/4-schedule/plan.ts';
import { printPlan, withUnit } from '../../../compiler/4-schedule/print-plan.ts';
import { defaultOptions } from '../../../compiler/options.ts';
import { convolutional, mlp, textDual } from '../../support/text-graph.ts';

describe('printPlan', () => {
  it('shows each bound with strategy, cost and reason, and what was not taken below it', () => {
    const { certify } = chooseSchedule(textDual(mlp), defaultOptions);
    expect(printPlan(certify)).toBe(`to certify
  relu1        closed form (24 MAC, 32 B per example): one matrix from the input: exact, no row has to walk
                 not backward, 4 rows at a time (12 MAC, 192 B per example): 2.0 times cheaper
                 not interval (24 MAC, 64 B per example): not comparable in tightness, mostly looser; as many multiply-adds
  relu2        backward, 5 rows at a time (80 MAC, 240 B per example): the tightest deterministic bound of these
                 not backward through CROWN lines, 5 rows at a time (140 MAC, 240 B per example): neither band nor CROWN is always the tighter, a walk for each side; 1.8 times dearer
                 not interval (40 MAC, 80 B per example): not comparable in tightness, mostly looser; 2.0 times cheaper
  margins      backward, 2 rows at a time (94 MAC, 120 B per example): the tightest deterministic bound of these
                 not backward through CROWN lines, 2 rows at a time (94 MAC, 120 B per example): neither band nor CROWN is always the tighter, one walk for the one side; as many multiply-adds
                 not interval (30 MAC, 80 B per example): not comparable in tightness, mostly looser; 3.1 times cheaper
`);
  });

  it('has a line for every choice and every alternative', () => {
    const requests = parseBoundsRequest('train:sketch');
    const { train } = chooseSchedule(textDual(convolutional), { ...defaultOptions, requests });
    const others = train.choices.reduce((sum, { alternatives }) => sum + alternatives.length, 0);
    expect(others).toBeGreaterThan(8);
    expect(printPlan(train).trimEnd().split('\n')).toHaveLength(1 + train.choices.length + others);
  });
});

describe('printStrategy', () => {
  it.each<[Strategy, string]>([
    [{ kind: 'closedForm' }, 'closed form'],
    [{ kind: 'interval' }, 'interval'],
    [{ kind: 'backward', relaxation: 'band', chunk: 20 }, 'backward, 20 rows at a time'],
    [{ kind: 'patches', relaxation: 'band', positions: 7 }, 'patches, 7 positions at a time'],
    [{ kind: 'sketch', projections: 10, estimator: 'median' }, 'sketch, 10 projections, median'],
  ])('%j: %s', (strategy, text) => expect(printStrategy(strategy)).toBe(text));
});

describe('withUnit', () => {
  it.each([
    [0, '0 '],
    [999, '999 '],
    [12.5, '12.5 '],
    [13.333333, '13.3 '],
    [1000, '1.0 k'],
    [999_949, '999.9 k'],
    [999_950, '1.0 M'],
    [1_250_000, '1.3 M'],
    [3_200_000_000, '3.2 G'],
  ])('%d: %s', (value, text) => expect(withUnit(value)).toBe(text));
});
