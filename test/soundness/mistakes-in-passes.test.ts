/** The check of random networks finds a mistake in each step of the passes forward and of the walks backward. */
import { describe, expect, it } from 'vitest';
import { checkBlock } from './check-block.ts';
import { mistakesInPasses } from './mistakes-in-passes.ts';

const effort = { samples: 20, neurons: 6, steps: 3 };

describe('the check of random networks', () => {
  for (const [name, mistake] of Object.entries(mistakesInPasses))
    it(`finds what is short: ${name}`, () => {
      const { failure } = checkBlock({ seed: 3, networks: 200, effort, shrink: false }, mistake);
      expect(failure).toMatch(/is -?[\d.e+-]+ at a point of the ball|^'.*' and '.*' disagree/);
    });
});
