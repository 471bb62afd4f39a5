/** What later stages are trained on, and how. */
import { describe, expect, it } from 'vitest';
import {
  descriptionOfStage,
  examplesOfStage,
  robustExamplesOf,
  settledBy,
} from '../../../runtime/cascade/stage-plan.ts';
import type { LaterStages } from '../../../runtime/checkpoint/cascade-folder.ts';
import { parseBoundsSchedule } from '../../../runtime/train/bounds-schedule.ts';
import { toyData } from '../../support/toy-model.ts';
import { toyDescription } from '../../support/toy-run.ts';
import { stagesSaying } from './verdicts.ts';

const labels = Int32Array.of(0, 1, 2, 1);
// Certified rightly, certified wrongly, right and not certified, and nothing known.
const [stage] = stagesSaying([
  [0, 1, 0.5],
  [2, 1, 0.5],
  [2, 1, Number.NaN],
  [0, Number.NaN, Number.NaN],
]);

describe('what a stage settles', () => {
  it('is what it certifies, for the paper; what it certifies rightly, for the guarantee', () => {
    expect([...settledBy(stage!, labels, 'paper')]).toEqual([1, 1, 0, 0]);
    expect([...settledBy(stage!, labels, 'guarantee')]).toEqual([1, 0, 0, 0]);
  });
});

describe('the examples of a stage', () => {
  const all = { ...toyData(4), labels };
  const settled = [Uint8Array.of(1, 0, 0, 0), Uint8Array.of(0, 0, 1, 0)];

  it('are all for the first one', () => {
    expect(examplesOfStage(all, [], 'left', [6])).toBe(all);
    expect(robustExamplesOf(all)).toBe(4);
  });

  it('are those that no stage before settled', () => {
    const left = examplesOfStage(all, settled, 'left', [6]);
    expect([...left.labels]).toEqual([1, 1]);
    expect([...left.values]).toEqual([...all.values.slice(6, 12), ...all.values.slice(18, 24)]);
    expect(robustExamplesOf(left)).toBe(2);
  });

  it('or all, where those settled are marked', () => {
    const { proved, ...rest } = examplesOfStage(all, settled, 'all', [6]);
    expect(rest).toEqual(all);
    expect([...proved!]).toEqual([1, 0, 1, 0]);
    expect(robustExamplesOf({ ...all, proved })).toBe(2);
  });
});

describe('the run of a stage', () => {
  const run = {
    ...toyDescription,
    bounds: 'interval:3,sketch:1',
    settings: {
      ...toyDescription.settings,
      epochs: 4,
      seed: 7,
      epsilon: { from: 0, to: 0.1, epochs: 2 },
      naturalWeight: { from: 1, to: 0.5, epochs: 2 },
    },
  };
  const later: LaterStages = { start: 'previous', examples: 'left', epochs: 8, learningRate: 0.002 };

  it('is that of the cascade for the first one', () => {
    expect(descriptionOfStage({ run, later }, 0, 100)).toEqual({ ...run, examples: 100, stage: 1 });
  });

  it('begins at the full radius, with the last bound, where it goes on from the weights before', () => {
    const { settings, ...own } = descriptionOfStage({ run, later }, 2, 40);
    expect(own).toMatchObject({ bounds: 'sketch', examples: 40, stage: 3 });
    expect(parseBoundsSchedule(own.bounds, settings.epochs, '')).toEqual([{ bounds: 'sketch', epochs: 8 }]);
    expect(settings).toEqual({
      ...run.settings,
      epochs: 8,
      learningRate: 0.002,
      seed: 9,
      epsilon: { from: 0.1, to: 0.1, epochs: 0 },
      naturalWeight: { from: 0.5, to: 0.5, epochs: 0 },
    });
  });

  it('goes through ramps of its own where it begins fresh', () => {
    const plain = { ...run, bounds: 'interval:4' };
    const { settings, bounds } = descriptionOfStage({ run: plain, later: { ...later, start: 'fresh' } }, 1, 40);
    expect(parseBoundsSchedule(bounds, settings.epochs, '')).toEqual([{ bounds: 'interval', epochs: 8 }]);
    expect(settings.epsilon).toEqual({ from: 0, to: 0.1, epochs: 4 });
    expect(settings.naturalWeight).toEqual({ from: 1, to: 0.5, epochs: 4 });
    expect(settings.seed).toBe(8);
  });
});
