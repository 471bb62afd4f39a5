import { describe, expect, it } from 'vitest';
import { clocks } from '../../../runtime/bench/clocks.ts';

describe('clocks', () => {
  it.each(Object.entries(clocks))('%s goes forward while the process works', (_name, now) => {
    const began = now();
    // Ends only if the clock moves.
    while (now() === began);
    expect(now()).toBeGreaterThan(began);
  });
});
