import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { nanosecondsOf } from '../../../../compiler/4-schedule/rates/rate.ts';
import { fitRate } from '../../../../compiler/cli/rates/fit-rate.ts';
import { fitRates, type MeasuredCase } from '../../../../compiler/cli/rates/measure-rates.ts';
import { timeOperation } from '../../../../compiler/cli/rates/time-operation.ts';
import { timedCases } from '../../../../compiler/cli/rates/timed-cases.ts';
import { useBackend } from '../../../support/run-on-backend.ts';

const work = [
  { multiplyAdds: 0, entries: 10 },
  { multiplyAdds: 1e4, entries: 100 },
  { multiplyAdds: 1e6, entries: 50 },
  { multiplyAdds: 1e3, entries: 1e5 },
];

describe('fitRate', () => {
  it('finds the rates that made the times', () => {
    const rate = { perDispatch: 700, perMultiplyAdd: 0.25, perEntry: 3 };
    const found = fitRate(work.map(each => ({ ...each, nanoseconds: nanosecondsOf(rate, each) })));
    for (const name of ['perDispatch', 'perMultiplyAdd', 'perEntry'] as const)
      expect(found[name]).toBeCloseTo(rate[name], 6);
  });

  it('lies between times that scatter, where errors relative to the measured ones would draw it to the least', () => {
    const same = { multiplyAdds: 0, entries: 10 };
    const { perDispatch, perEntry } = fitRate([100, 400].map(nanoseconds => ({ ...same, nanoseconds })));
    expect(perDispatch + 10 * perEntry).toBeCloseTo(160);
  });

  it('never has a rate below 0, whatever was measured', () => {
    const found = fitRate(work.map((each, i) => ({ ...each, nanoseconds: [900, 500, 400, 100][i]! })));
    for (const rate of Object.values(found)) expect(rate).toBeGreaterThanOrEqual(0);
  });
});

describe('what is measured', () => {
  beforeAll(() => useBackend('wasm'));

  it('runs on the backend, every operation of it, and is timed', async () => {
    for (const { shapes, run, op } of timedCases) {
      // The large ones are of the same kinds.
      if (shapes.some(shape => tf.util.sizeFromShape([...shape]) > 2e5)) continue;
      const operands = shapes.map(shape => tf.randomUniform([...shape], 0.1, 1));
      const before = tf.memory().numTensors;
      expect(`${op.kind}: ${(await timeOperation(() => run(...operands), 0)) > 0}`).toBe(`${op.kind}: true`);
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose(operands);
    }
  });

  it('gives every family a rate', () => {
    const families = ['free', 'copy', 'matMul'] as const;
    const cases = families.flatMap(family =>
      work.map((each): MeasuredCase => ({ ...each, family, what: '', nanoseconds: 100 + each.entries })),
    );
    const rates = fitRates(cases);
    expect(Object.keys(rates)).toEqual(families);
    expect(rates.copy.perEntry).toBeCloseTo(1);
    // A view touches no entry.
    expect(rates.free.perEntry).toBe(0);
  });
});
