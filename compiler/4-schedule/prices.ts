/** How costs compare, in words. */
import type { Cost } from './plan.ts';

export function comparedTo(candidate: Cost, chosen: Cost): string {
  return candidate.milliseconds < chosen.milliseconds
    ? `${ratio(chosen, candidate)} cheaper`
    : `${ratio(candidate, chosen)} dearer`;
}

/** In predicted time. */
export const ratio = (dear: Cost, cheap: Cost): string => inTimes(dear.milliseconds / cheap.milliseconds);

/** Between an estimate and exact rows these decide: predicted times know nothing of the gradient, most of a step of training. */
export const timesMoreMacs = (dear: Pick<Cost, 'macs'>, cheap: Pick<Cost, 'macs'>): string =>
  `${inTimes(dear.macs / Math.max(1, cheap.macs))} its multiply-adds`;

const inTimes = (factor: number): string => `${factor >= 10 ? Math.round(factor) : factor.toFixed(1)} times`;
