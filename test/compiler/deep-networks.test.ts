/** Compiling takes as much work as the network has layers, or as the module that comes out has text. Counted, not timed. */
import { describe, expect, it } from 'vitest';
import { parseBoundsRequest } from '../../compiler/4-schedule/bounds-request.ts';
import { countingWork } from '../support/counted-work.ts';
import { compileDeep, type DeepKind, deepKinds } from '../support/deep-networks.ts';

/** Steps up to each form that the compiler records, and the size of the module. */
function measured(kind: DeepKind, depth: number, bounds: string) {
  const steps = new Map<string, number>();
  const { code } = countingWork(sofar => {
    let last = 0;
    const record = (form: string): void => {
      const now = sofar();
      steps.set(form, now - last);
      last = now;
    };
    return compileDeep(kind, depth, { requests: parseBoundsRequest(bounds) }, { record });
  });
  return { steps, size: code.length };
}

/** Forms that took more than their share when the network got twice as deep; the module grew by `size`. */
function outgrown(kind: DeepKind, depth: number, bounds: string) {
  const [before, after] = [measured(kind, depth, bounds), measured(kind, 2 * depth, bounds)];
  const size = after.size / before.size;
  const grown = [...after.steps].map(([form, steps]) => [form, steps / before.steps.get(form)!] as const);
  return { size, forms: grown.length, excessive: grown.filter(([, by]) => by > 1.1 * Math.max(2, size)) };
}

describe('compiling a network twice as deep', () => {
  it.each(deepKinds)('takes twice the work in every stage and pass, with intervals: %s', kind => {
    const { size, forms, excessive } = outgrown(kind, 60, 'interval');
    expect(size).toBeLessThan(2.1);
    expect(forms).toBeGreaterThan(30);
    expect(excessive).toEqual([]);
  });

  it.each(deepKinds)('takes no more than the module grows by, with exact rows: %s', kind => {
    expect(outgrown(kind, 20, 'exact').excessive).toEqual([]);
  });
});
