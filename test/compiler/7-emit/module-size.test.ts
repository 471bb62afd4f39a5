import { describe, expect, it } from 'vitest';
import { compileDeepPaper, moduleSize } from '../../support/module-size.ts';

describe('an emitted module', () => {
  const modules = [1, 2, 3, 4].map(compileDeepPaper);

  it('grows linearly with depth: every layer adds as many lines as the one before', () => {
    const lines = modules.map(code => moduleSize(code).lines);
    const steps = lines.slice(1).map((count, index) => count - lines[index]!);
    const [first = 0, ...others] = steps;
    for (const step of others) expect(step).toBeLessThanOrEqual(1.25 * first);
  });

  it('has no line over 100 columns', () => {
    // The bytes are UTF-8, the columns characters.
    for (const code of modules) for (const line of code.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});
