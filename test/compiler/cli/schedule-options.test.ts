import { InvalidArgumentError } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { learningRateSchedule, weightRamp } from '../../../compiler/cli/schedule-options.ts';

describe('schedules on the command line', () => {
  it('reads learning-rate schedules', () => {
    expect(learningRateSchedule('cosine')).toEqual({ kind: 'cosine' });
    expect(learningRateSchedule('constant')).toEqual({ kind: 'constant' });
    expect(learningRateSchedule('halve:20:10')).toEqual({ kind: 'halve', after: 20, every: 10 });
    for (const text of ['halve', 'halve:20', 'halve:1:0', 'step', '']) {
      expect(() => learningRateSchedule(text)).toThrow(InvalidArgumentError);
    }
  });

  it('reads weights of the natural loss', () => {
    expect(weightRamp('0.5')).toEqual([0.5, 0.5]);
    expect(weightRamp('1:25%')).toEqual([1, 0.25]);
    for (const text of ['', '2', '1:', '1:2', '1:0:1']) expect(() => weightRamp(text)).toThrow(InvalidArgumentError);
  });
});
