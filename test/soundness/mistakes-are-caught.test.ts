/** The check of soundness can fail: it finds every mistake that is put into the compiler's work, and makes its example small. */
import { describe, expect, it } from 'vitest';
import { checkBlock } from './check-block.ts';
import { findMistake } from './find-mistake.ts';
import { mistakes } from './mistakes.ts';

const effort = { samples: 20, neurons: 6, steps: 3 };
/** What the check says of a bound that does not hold, and of two schedules that should agree; never of a crash. */
const found = /is -?[\d.e+-]+ at a point of the ball|^'.*' and '.*' disagree/;

describe('the check of random networks', () => {
  for (const [name, mistake] of Object.entries(mistakes))
    it(`finds ${name}`, () => {
      expect(findMistake(mistake)).toMatch(found);
    });

  it('makes the network small and prints it', () => {
    const mistake = mistakes['radii of activations one percent short']!;
    const { failure } = checkBlock({ seed: 3, networks: 200, effort }, mistake);
    expect(failure).toMatch(found);
    const layers = failure!.split('\n').filter(line => / = \w+\(.*\) .*: \[/.test(line));
    // The input, a nonlinearity, and what makes logits of it.
    expect(layers.length).toBeLessThanOrEqual(5);
    expect(layers.some(line => line.includes('relu'))).toBe(true);
  });
});
