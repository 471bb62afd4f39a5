import { InvalidArgumentError } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { augmentation, learningRateSchedule, weightRamp } from '../../../compiler/cli/schedule-options.ts';

describe('schedules on the command line', () => {
  it('reads learning-rate schedules', () => {
    expect(learningRateSchedule('cosine')).toEqual({ kind: 'cosine' });
    expect(learningRateSchedule('constant')).toEqual({ kind: 'constant' });
    expect(learningRateSchedule('halve:20:10')).toEqual({ kind: 'halve', after: 20, every: 10 });
    for (const text of ['halve', 'halve:20', 'halve:1:0', 'step', '']) {
      expect(() => learningRateSchedule(text)).toThrow(InvalidArgumentError);
    }
  });

  it('reads how images are moved', () => {
    expect(augmentation('shift:2')).toEqual({ shift: 2, flip: false });
    expect(augmentation('flip')).toEqual({ shift: 0, flip: true });
    expect(augmentation('shift:4,flip')).toEqual({ shift: 4, flip: true });
    for (const text of ['', 'shift', 'shift:0', 'shift:2flip', 'flip,shift:2', ',flip', 'turn'])
      expect(() => augmentation(text), text).toThrow(InvalidArgumentError);
  });

  it('reads weights of the natural loss', () => {
    expect(weightRamp('0.5')).toEqual([0.5, 0.5]);
    expect(weightRamp('1:25%')).toEqual([1, 0.25]);
    for (const text of ['', '2', '1:', '1:2', '1:0:1']) expect(() => weightRamp(text)).toThrow(InvalidArgumentError);
  });
});
