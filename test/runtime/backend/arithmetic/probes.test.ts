/** Every probe can fail, and fails for what it is there for; what a certificate covers passes all of them. */
import { describe, expect, it } from 'vitest';
import { geometryProbes } from '../../../../runtime/backend/arithmetic/geometry.ts';
import { probes } from '../../../../runtime/backend/arithmetic/probe-list.ts';
import { runProbes, type SelfTestReport } from '../../../../runtime/backend/self-test.ts';
import { covered, refused } from './fake-backends.ts';

const failures = ({ results }: SelfTestReport): string[] =>
  results.filter(({ passed }) => !passed).map(({ name }) => name);

describe('the probes accept', () => {
  it.each(covered)('%s, and say so', async (_name, compute, findings) => {
    const report = await runProbes(compute, probes);
    expect(report.results.filter(({ passed }) => !passed)).toEqual([]);
    expect(Object.fromEntries(report.findings.map(({ name, value }) => [name, value]))).toMatchObject(findings);
  });
});

describe('the probes refuse', () => {
  it.each(refused)('%s', async (_name, compute, expected) => {
    const report = await runProbes(
      compute,
      probes.filter(({ name }) => expected.includes(name)),
    );
    expect(failures(report)).toEqual(probes.map(({ name }) => name).filter(name => expected.includes(name)));
  });

  it('something each', () => {
    const failed = new Set(refused.flatMap(([, , expected]) => expected));
    // What is only reported, and what self-test.test.ts puts wrong.
    const others = new Set(['choices of NaN', ...geometryProbes.map(({ name }) => name)]);
    expect(probes.map(({ name }) => name).filter(name => !failed.has(name) && !others.has(name))).toEqual([]);
  });
});
