/** `--probability` and how its estimates are made: flags of `certify`, `compile` and `explain`. */
import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { ProbabilitySizes } from '../4-schedule/plan.ts';
import { UsageError } from './usage-error.ts';

/** Draws of each mean, where nothing else is said: docs/probability.md has what they cost and give. */
export const defaultProjections = 256;

/** As given: null where nothing was said. */
export interface ProbabilityFlags {
  readonly probability?: number | undefined;
  readonly projections?: number | undefined;
  readonly estimators?: number | undefined;
}

/** `0.99`, `99%`: above 0 and below 1. */
export function probability(text: string): number {
  const value = /^\d*\.?\d+(e-?\d+)?%?$/.test(text.trim()) ? Number.parseFloat(text) : Number.NaN;
  const share = text.trim().endsWith('%') ? value / 100 : value;
  // Further from 1 than float64's rounding, so that 1 − it is a number with digits.
  if (!(share > 0 && share <= 1 - leastDelta))
    throw new InvalidArgumentError('It must be a number such as 0.99 or 99%, above 0 and below 1.');
  return share;
}

const leastDelta = 1e-9;

/** A power of two: means are taken by square roots. */
export function drawsOfMean(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isInteger(Math.log2(value)) || value > 2 ** 16) {
    const near = 2 ** Math.round(Math.log2(Math.min(Math.max(value, 1), 2 ** 16)));
    const hint = Number.isFinite(near) ? ` ${near} is near.` : '';
    throw new InvalidArgumentError(`It must be a power of two, at most 65536: means are taken by square roots.${hint}`);
  }
  return value;
}

/** Undefined where no probability was asked for. Raises `UsageError` for sizes of estimates that nobody makes; `names` are those of the flags. */
export function probabilitySizes(
  { probability: asked, projections, estimators }: ProbabilityFlags,
  names: { readonly projections: string; readonly estimators: string },
): ProbabilitySizes | undefined {
  if (asked === undefined) {
    const lonely = projections === undefined ? (estimators === undefined ? null : names.estimators) : names.projections;
    if (lonely !== null) throw new UsageError(`${lonely} is for the estimates of --probability, which is not given`);
    return undefined;
  }
  // Without the digits that 1 − 0.99 has behind 0.01.
  const delta = Number((1 - asked).toPrecision(9));
  return { delta, projections: projections ?? defaultProjections, estimators: estimators ?? 1 };
}
