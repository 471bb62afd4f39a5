import { describe, expect, it } from 'vitest';
import { defaultBounds, type TrainFlags, trainSettings } from '../../../compiler/cli/train-plan.ts';
import { parseBoundsSchedule } from '../../../runtime/train/bounds-schedule.ts';

const flags: TrainFlags = {
  epochs: 20,
  batch: 50,
  optimizer: 'sgd',
  momentum: 0.9,
  epsilonStart: 0.01,
  naturalWeight: [1, 0.5],
  init: 'he',
  seed: 1,
};

describe('trainSettings', () => {
  it('fills in what the flags leave open', () => {
    expect(trainSettings(flags, 0.1)).toEqual({
      epochs: 20,
      batch: 50,
      epsilon: { from: 0.01, to: 0.1, epochs: 10 },
      naturalWeight: { from: 1, to: 0.5, epochs: 10 },
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      learningRate: 0.05,
      learningRateSchedule: { kind: 'cosine' },
      clip: null,
      augment: null,
      initialization: 'he',
      seed: 1,
    });
    expect(trainSettings({ ...flags, optimizer: 'adam' }, 0.1)).toMatchObject({
      optimizer: { kind: 'adam', weightDecay: 0 },
      learningRate: 0.001,
    });
  });

  it('never starts with a larger radius than it ends with', () => {
    expect(trainSettings(flags, 0.005).epsilon).toMatchObject({ from: 0.005, to: 0.005 });
  });
});

describe('defaultBounds', () => {
  it.each([1, 2, 3, 10, 15, 60])('covers %i epochs and ends with the tighter bound when there is room', epochs => {
    const phases = parseBoundsSchedule(defaultBounds(epochs), epochs, '--bounds');
    expect(phases[0]!.bounds).toBe('interval');
    expect(phases.length).toBe(epochs < 3 ? 1 : 2);
  });
});
