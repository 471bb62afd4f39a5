import { describe, expect, it } from 'vitest';
import { buildDual } from '../../../../compiler/3-dual/build-dual.ts';
import { certifying, readStrategies, requestsToCertify, training } from '../../../../compiler/cli/bench/strategies.ts';
import { convolutional, mlp, textGraph } from '../../../support/text-graph.ts';

describe('readStrategies', () => {
  it('takes all when none is named, and those that are named in the order of the table', () => {
    expect(readStrategies(undefined)).toEqual({ certifying, training });
    expect(readStrategies('sketch, interval,scheduled')).toEqual({
      certifying: ['scheduled', 'interval'],
      training: ['interval', 'sketch'],
    });
  });

  it('refuses a name that is none', () => {
    expect(() => readStrategies('scheduled,intervall')).toThrow(
      "--strategies: there is no strategy 'intervall'; there are scheduled, exact, backward, patches, interval, crown, best, natural, sketch, sketch:per-layer; did you mean 'interval'?",
    );
    expect(() => readStrategies('')).toThrow("there is no strategy ''");
  });
});

describe('requestsToCertify', () => {
  it('asks for windows where there are any', () => {
    const windows = requestsToCertify('patches', buildDual(textGraph(convolutional)));
    expect(windows.length).toBeGreaterThan(0);
    for (const { purpose, strategies } of windows) {
      expect(purpose).toBe('certify');
      expect(strategies).toEqual([{ kind: 'patches', relaxation: 'band' }]);
    }
    expect(requestsToCertify('patches', buildDual(textGraph(mlp)))).toEqual([]);
  });
});
