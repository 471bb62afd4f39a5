/** Compiling takes as much work as the network has layers, or as the programs have instructions. Counted, not timed. */
import { describe, expect, it } from 'vitest';
import { growth } from '../support/deep-growth.ts';
import { deepKinds } from '../support/deep-networks.ts';

describe('compiling a network twice as deep', () => {
  it.each(deepKinds)('takes twice the work in every stage and pass, with intervals: %s', kind => {
    const { size, forms, excessive } = growth(kind, 40, 'interval');
    expect(size).toBeLessThan(2.1);
    expect(forms).toBeGreaterThan(30);
    expect(excessive).toEqual([]);
  });
});
