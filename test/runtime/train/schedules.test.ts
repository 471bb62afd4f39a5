import { describe, expect, it } from 'vitest';
import { InputError } from '../../../runtime/errors.ts';
import { parseBoundsSchedule, phaseAt } from '../../../runtime/train/bounds-schedule.ts';
import { learningRateAt } from '../../../runtime/train/learning-rate-schedule.ts';
import { rampAt } from '../../../runtime/train/ramp.ts';

describe('rampAt', () => {
  it('is linear in the fraction of epochs and then constant', () => {
    const ramp = { from: 0.01, to: 0.1, epochs: 20 };
    expect([0, 5, 10.5, 20, 60].map(at => rampAt(ramp, at))).toEqual([
      0.01,
      expect.closeTo(0.0325),
      expect.closeTo(0.05725),
      0.1,
      0.1,
    ]);
    expect(rampAt({ from: 1, to: 0.5, epochs: 0 }, 0)).toBe(0.5);
  });
});

describe('learningRateAt', () => {
  it('stays, is halved as in the paper, or follows a cosine', () => {
    expect(learningRateAt({ kind: 'constant' }, 0.1, 17, 20)).toBe(0.1);
    const halve = (at: number): number => learningRateAt({ kind: 'halve', after: 20, every: 10 }, 0.8, at, 60);
    expect([0, 19.99, 20, 29.99, 30, 50].map(halve)).toEqual([0.8, 0.8, 0.4, 0.4, 0.2, 0.05]);
    const cosine = (at: number): number => learningRateAt({ kind: 'cosine' }, 0.8, at, 60);
    expect([0, 30, 60].map(cosine)).toEqual([0.8, expect.closeTo(0.4), expect.closeTo(0)]);
  });
});

describe('parseBoundsSchedule', () => {
  it('reads phases and gives the rest to the one without a number', () => {
    expect(parseBoundsSchedule('interval', 15, '--bounds')).toEqual([{ bounds: 'interval', epochs: 15 }]);
    expect(parseBoundsSchedule('interval:10, sketch:5', 15, '--bounds')).toEqual([
      { bounds: 'interval', epochs: 10 },
      { bounds: 'sketch', epochs: 5 },
    ]);
    expect(parseBoundsSchedule('sketch:per-layer:4,sketch:per-layer', 15, '--bounds')).toEqual([
      { bounds: 'sketch:per-layer', epochs: 4 },
      { bounds: 'sketch:per-layer', epochs: 11 },
    ]);
    expect(parseBoundsSchedule('interval,exact:2', 15, '--bounds')[0]).toEqual({ bounds: 'interval', epochs: 13 });
  });

  it.each([
    ['ibp:3', /'ibp' is no training bound; there are interval, sketch, sketch:per-layer, exact/],
    ['interval:0', /whole number of epochs/],
    ['interval:2.5', /whole number of epochs/],
    ['sketch:per-layer:0', /whole number of epochs/],
    ['sketch:per-layers', /must be a bound and a whole number of epochs/],
    ['interval:2:3', /whole number of epochs/],
    ['interval,sketch', /only one phase/],
    ['interval:10,sketch:4', /add up to 14 epochs, but the run has 15/],
    ['interval:15,sketch', /leave 0 epochs/],
  ])('refuses %s', (text, message) => {
    expect(() => parseBoundsSchedule(text, 15, '--bounds')).toThrow(InputError);
    expect(() => parseBoundsSchedule(text, 15, '--bounds')).toThrow(message);
  });

  it('finds the phase of an epoch', () => {
    const phases = parseBoundsSchedule('interval:2,sketch:1', 3, '--bounds');
    expect([0, 1, 2].map(epoch => phaseAt(phases, epoch).bounds)).toEqual(['interval', 'interval', 'sketch']);
    expect(() => phaseAt(phases, 3)).toThrow(RangeError);
  });
});
