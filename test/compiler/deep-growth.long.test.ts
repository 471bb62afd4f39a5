/** As `deep-networks.test.ts`, for networks so deep that what is small beside the rest there, and grows faster, is seen. */
import { describe, expect, it } from 'vitest';
import { growth } from '../support/deep-growth.ts';
import { deepKinds } from '../support/deep-networks.ts';

describe('compiling a network twice as deep', () => {
  it.each(deepKinds)('takes no more than the programs grow by, with exact rows: %s', kind => {
    const { size, programs, excessive } = growth(kind, 24, 'exact');
    expect(excessive).toEqual([]);
    expect(size).toBeLessThanOrEqual(programs);
  });

  it.each(deepKinds)('takes twice the work of five hundred in every stage and pass: %s', kind => {
    expect(growth(kind, 500, 'interval').excessive).toEqual([]);
  });
});
