/** The oracle refutes nothing that is true: bounds that are sound beyond doubt pass it, in every family. */
import { describe, expect, it } from 'vitest';
import { seededNumbers } from '../../support/program-inputs.ts';
import { checkClaims, printFailure } from './check-claims.ts';
import { drawStructure, families } from './draw-subject.ts';
import { generousClaims } from './generous-claims.ts';
import { observe } from './observe.ts';
import { printSubject } from './subject.ts';

const effort = { points: 6, steps: 2, neurons: 2, pieces: 20, rounded: 2 };

describe('the exact oracle', () => {
  for (const family of families)
    it(`leaves bounds alone that have room enough: ${family}`, () => {
      let comparisons = 0;
      for (const seed of [11, 12]) {
        const { draw } = drawStructure(family, seededNumbers(seed));
        for (let number = 0; number < 5; number++) {
          const subject = draw(seededNumbers(100 * seed + number));
          const checked = checkClaims(subject, observe(subject, effort, seededNumbers(seed)), generousClaims(subject));
          const [first] = checked.failures;
          if (first !== undefined) expect.fail(`${printFailure(first)}\n${printSubject(subject)}`);
          comparisons += checked.comparisons;
        }
      }
      expect(comparisons).toBeGreaterThan(10);
    });
});
