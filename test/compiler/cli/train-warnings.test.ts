import { describe, expect, it } from 'vitest';
import { type TrainFlags, trainSettings } from '../../../compiler/cli/train-plan.ts';
import { trainWarnings } from '../../../compiler/cli/train-warnings.ts';

const flags: TrainFlags = {
  epochs: 10,
  batch: 50,
  optimizer: 'adam',
  momentum: 0.9,
  epsilonStart: 0,
  naturalWeight: [1, 0],
  init: 'he',
  seed: 1,
};
const warnings = (changes: Partial<TrainFlags>, given: readonly string[] = Object.keys(changes)): string[] =>
  trainWarnings(
    { ...flags, ...changes },
    given,
    trainSettings({ ...flags, ...changes }, 0.1),
    changes.bounds ?? 'interval',
  );

describe('warnings of dualc train', () => {
  it('has none for what is usual', () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({ epsilonEpochs: 10, naturalEpochs: 10, epsilonStart: 0.1 })).toEqual([]);
    expect(
      warnings({ optimizer: 'sgd', momentum: 0.5, bounds: 'interval:2,sketch' }, ['momentum', 'projections']),
    ).toEqual([]);
  });

  it('says that a ramp does not come to its end', () => {
    expect(warnings({ epsilonEpochs: 20 })).toEqual([
      '--epsilon-epochs 20 is more than 10 epochs: the radius ends at 0.05, and epsilon 0.1 is never trained',
      '--epsilon-epochs 20 is more than 10 epochs: the weight of the natural loss ends at 0.5, not at 0',
    ]);
    expect(warnings({ naturalEpochs: 40 })).toEqual([
      '--natural-epochs 40 is more than 10 epochs: the weight of the natural loss ends at 0.75, not at 0',
    ]);
    expect(warnings({ epochs: 1, epsilonEpochs: 2, naturalWeight: [0, 0] })[0]).toContain('more than 1 epoch:');
  });

  it.each([
    [{ epsilonStart: 0.3 }, /--epsilon-start 0.3 is larger than epsilon 0.1: the radius is 0.1 throughout/],
    [{ momentum: 0.5 }, /--momentum is of sgd: adam does not use it/],
    [{ lrSchedule: { kind: 'halve', after: 10, every: 2 } as const }, /halves after 10 epochs, and the run has 10/],
  ])('says of %j that it has no effect', (changes, line) =>
    expect(warnings(changes)).toEqual([expect.stringMatching(line)]),
  );

  it('says that options of sketches are for sketches', () => {
    expect(warnings({}, ['projections', 'estimator'])).toHaveLength(2);
  });
});
