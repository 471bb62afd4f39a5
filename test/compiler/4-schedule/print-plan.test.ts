import { describe, expect, it } from 'vitest';
import { type BoundsRequest, parseBoundsRequest } from '../../../compiler/4-schedule/bounds-request.ts';
import { chooseSchedule } from '../../../compiler/4-schedule/choose.ts';
import { printStrategy, type Strategy } from '../../../compiler/4-schedule/plan.ts';
import { printPlan, printTime, withUnit } from '../../../compiler/4-schedule/print-plan.ts';
import { wasmRates } from '../../../compiler/4-schedule/rates/wasm.ts';
import { candidateCosts } from '../../../compiler/candidate-cost.ts';
import { defaultOptions } from '../../../compiler/options.ts';
import { mapRecord } from '../../../compiler/shared/map-record.ts';
import { convolutional, mlp, textDual } from '../../support/text-graph.ts';

/** With rates that nobody measured. */
const schedule = (text: string, requests: readonly BoundsRequest[] = []) => {
  const dual = textDual(text);
  const rates = mapRecord(wasmRates, () => ({ perDispatch: 1000, perMultiplyAdd: 10, perEntry: 0 }));
  return chooseSchedule(dual, { ...defaultOptions, requests }, candidateCosts(dual, rates));
};

describe('printPlan', () => {
  it('shows each bound with strategy, cost and reason, and what was not taken below it', () => {
    const { certify } = schedule(mlp);
    expect(printPlan(certify)).toBe(`to certify
  relu1        closed form (36 MAC, about 0.0046 ms, 320.5 B per example): one matrix from the input: exact, no row has to walk
                 not backward, 4 rows at a time (36 MAC, about 0.0067 ms, 596 B per example): 1.5 times dearer
                 not interval (24 MAC, about 0.004 ms, 314.5 B per example): not comparable in tightness, mostly looser; 1.2 times cheaper
  relu2        backward, 5 rows at a time (135 MAC, about 0.0091 ms, 986 B per example): the tightest deterministic bound of these
                 not backward through CROWN lines, 5 rows at a time (210 MAC, about 0.014 ms, 1.9 kB per example): neither band nor CROWN is always the tighter, a walk for each side; 1.5 times dearer
                 not sparse, 1 at a time, up to 1; or backward, 5 rows at a time (99 MAC, about 0.016 ms, 1.7 kB per example): 1.8 times dearer
                 not sparse, 1 at a time, up to 1; or backward through CROWN lines, 5 rows at a time (114 MAC, about 0.021 ms, 2.1 kB per example): neither band nor CROWN is always the tighter, a walk for each side; 2.3 times dearer
                 not interval (40 MAC, about 0.0056 ms, 574.5 B per example): not comparable in tightness, mostly looser; 1.6 times cheaper
  margins      backward, 2 rows at a time (128 MAC, about 0.0085 ms, 584.5 B per example): the tightest deterministic bound of these
                 not backward through CROWN lines, 2 rows at a time (128 MAC, about 0.0093 ms, 832.5 B per example): neither band nor CROWN is always the tighter, one walk for the one side; 1.1 times dearer
                 not interval (50 MAC, about 0.0079 ms, 607 B per example): not comparable in tightness, mostly looser; 1.1 times cheaper
`);
  });

  it('has a line for every choice and every alternative', () => {
    const requests = parseBoundsRequest('train:sketch');
    const { train } = schedule(convolutional, requests);
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

describe('printTime', () => {
  it.each([
    [0.00612, '0.0061 ms'],
    [0.85, '0.85 ms'],
    [4.04, '4 ms'],
    [41.4, '41 ms'],
    [276.4, '276 ms'],
    [999.6, '1 s'],
    [4550, '4.5 s'],
    [123_456, '123 s'],
  ])('%d ms: %s', (milliseconds, text) => expect(printTime(milliseconds)).toBe(text));
});
