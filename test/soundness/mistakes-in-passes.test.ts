/** The check of random networks finds a mistake in each step of the passes forward and of the walks backward. */
import { describe, expect, it } from 'vitest';
import { findMistake } from './find-mistake.ts';
import { mistakesInPasses } from './mistakes-in-passes.ts';

describe('the check of random networks', () => {
  for (const [name, mistake] of Object.entries(mistakesInPasses))
    it(`finds what is short: ${name}`, () => {
      expect(findMistake(mistake)).toMatch(/is -?[\d.e+-]+ at a point of the ball|^'.*' and '.*' disagree/);
    });
});
