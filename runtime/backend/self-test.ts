/**
 * Checks that the current backend computes as a certificate assumes (docs/soundness.md): the same values as the compiler's reference
 * interpreter, each within its allowed rounding. A certificate of a backend that does not is worth nothing.
 */
import * as tf from '@tensorflow/tfjs-core';
import { EnvironmentError } from '../errors.ts';
import type { Finding, Probe } from './arithmetic/probe.ts';
import { probes } from './arithmetic/probe-list.ts';
import type { Compute } from './arithmetic/probe-op.ts';
import { tensorCompute } from './arithmetic/tensor-compute.ts';

export interface SelfTestResult {
  readonly name: string;
  /** What a certificate assumes, one sentence. */
  readonly assumes: string;
  /** The allowed error, in words. */
  readonly allowed: string;
  /** Largest error as a share of what is allowed; null when a value is altogether wrong, or there is no result. */
  readonly share: number | null;
  readonly passed: boolean;
  /** What failed: an operation and an entry, or why there is no result. */
  readonly problem: string | null;
  /** What may help. */
  readonly remedy: string | null;
}

export interface SelfTestReport {
  /** TensorFlow.js's name of the backend. */
  readonly backend: string;
  readonly passed: boolean;
  readonly results: readonly SelfTestResult[];
  /** What a certificate does not depend on. */
  readonly findings: readonly Finding[];
  readonly milliseconds: number;
}

/** Runs every probe on the current backend. Raises nothing: a probe that throws has failed. */
export const selfTest = (): Promise<SelfTestReport> => runProbes(tensorCompute, probes);

/** Runs `chosen` on `compute`: not exported by the package, where a list of none would pass. */
export async function runProbes(compute: Compute, chosen: readonly Probe[]): Promise<SelfTestReport> {
  const start = performance.now();
  const results: SelfTestResult[] = [];
  const findings: Finding[] = [];
  for (const probe of chosen) {
    const { result, found } = await runProbe(probe, compute);
    results.push(result);
    findings.push(...found);
  }
  const milliseconds = performance.now() - start;
  return { backend: tf.getBackend(), passed: results.every(result => result.passed), results, findings, milliseconds };
}

const sound = new Set<string>();

/** @throws EnvironmentError that names the probes that failed, when the current backend is not to be trusted. Tests each backend once. */
export async function requireSoundBackend(): Promise<void> {
  if (sound.has(tf.getBackend())) return;
  const report = await selfTest();
  if (!report.passed) throw new EnvironmentError(refusal(report));
  sound.add(report.backend);
}

/** What is wrong with the backend of a report that did not pass, and what to do. */
export function refusal({ backend, results }: SelfTestReport): string {
  const failed = results
    .filter(result => !result.passed)
    .map(({ name, assumes, problem, remedy }) => {
      const help = remedy === null ? '' : `\n    ${remedy}`;
      return `  ${name}: ${problem}\n    assumed: ${assumes}${help}`;
    });
  return (
    `the backend ${backend} does not compute as a certificate assumes, so nothing it computes can be certified:\n${failed.join('\n')}\n` +
    'choose another one (on the command line: --backend; dualc doctor shows more)'
  );
}

async function runProbe(
  { name, assumes, allowed, remedy, run }: Probe,
  compute: Compute,
): Promise<{ readonly result: SelfTestResult; readonly found: readonly Finding[] }> {
  const about = { name, assumes, allowed, remedy: remedy ?? null };
  try {
    const { worst, findings = [] } = await run(compute);
    const passed = worst.share <= 1;
    const share = Number.isFinite(worst.share) ? worst.share : null;
    const size = share === null ? '' : `, ${Number(share.toPrecision(3))} times the allowed error (${allowed})`;
    return { result: { ...about, share, passed, problem: passed ? null : worst.where + size }, found: findings };
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { result: { ...about, share: null, passed: false, problem }, found: [] };
  }
}
