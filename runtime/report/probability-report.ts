/** What is said of certificates that hold with a probability. */
import type { ModelMeta, ProbableProof } from '../contract.ts';
import { counted } from './counted.ts';

/** In `--json`. */
export interface ProbabilityReport extends Omit<ProbableProof, 'kind'> {
  readonly seed: number;
  readonly statement: string;
}

/** `0.99`: what `1 − delta` is without the digits that float64 adds. */
export const roundedProbability = (delta: number): number => Number((1 - delta).toPrecision(12));

/** Null where all holds with certainty. */
export function probabilityReport({ certify: { proof } }: ModelMeta, seed: number | null): ProbabilityReport | null {
  if (proof.kind !== 'probability' || seed === null) return null;
  const { kind: _, ...account } = proof;
  return { ...account, seed, statement: statementOf(proof) };
}

/** One sentence: what is proved, with what probability, over whose randomness, on what assumption. */
export const statementOf = ({ delta }: ProbableProof): string =>
  `For each example by itself, all its bounds and its J hold at once, for real numbers and for float32, with probability at least ${roundedProbability(delta)} ` +
  'over the random draws (not over the data; all examples share the draws, so nothing is said of several at once), ' +
  'taking the numbers drawn for independent standard Cauchy and normal ones, and the backend for one that keeps to docs/backend-arithmetic.md.';

/** For people: names and values. */
export function probabilityRows(meta: ModelMeta, seed: number | null): [name: string, value: string][] {
  const report = probabilityReport(meta, seed);
  if (report === null) return [];
  const { delta, estimates, perEstimate, projections, estimators, tail } = report;
  const means = estimators === 1 ? 'a mean' : `the largest of ${estimators} means`;
  return [
    [
      'probability',
      `${roundedProbability(delta)}: δ = ${short(delta)} over N = ${counted(estimates, 'estimate')}, δ̂ = ${short(perEstimate)} for each\n` +
        `${means} of k = ${counted(projections, 'draw')} (m = ${estimators}), times 1/(1 − ε) = ${(1 / (1 - tail)).toFixed(4)}, seed ${report.seed}`,
    ],
    ['what it means', wrapped(report.statement)],
  ];
}

/** For the header of a file. */
export function proofMetadata({ certify: { proof } }: ModelMeta, seed: number | null): Record<string, string> {
  if (proof.kind !== 'probability') return { proof: proof.kind };
  const numbers = Object.entries({ ...proof, seed: seed ?? 'unknown' }).filter(([name]) => name !== 'kind');
  return { proof: proof.kind, ...Object.fromEntries(numbers.map(([name, value]) => [name, String(value)])) };
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** A cell of a table does not wrap by itself. */
const wrapped = (text: string): string => text.replaceAll(/(.{1,90})(?: |$)/g, '$1\n').trimEnd();
