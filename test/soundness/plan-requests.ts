/** The schedules that a network is checked under: every deterministic kind, whole and in chunks. */
import type { Bound, DualNetwork } from '../../compiler/3-dual/dual.ts';
import { whyNot } from '../../compiler/4-schedule/applies.ts';
import { seededNumbers } from '../support/program-inputs.ts';
import type { PlanRequest } from './certificate.ts';

/** Memory that never forces a chunk, and memory that forces rows to walk one by one. */
export const roomy: number = 2 ** 30;
export const cramped = 1;

export function plansOf(dual: DualNetwork, seed: number): readonly PlanRequest[] {
  return [
    { name: 'exact', bounds: '', memoryBytes: roomy },
    { name: 'exact, rows one by one', bounds: 'exact', memoryBytes: cramped },
    { name: 'backward everywhere', bounds: 'backward', memoryBytes: 2000 },
    { name: 'patches wherever they apply', bounds: patchesRequest(dual), memoryBytes: roomy },
    { name: 'patches, one position at a time', bounds: patchesRequest(dual), memoryBytes: cramped },
    { name: 'interval', bounds: 'interval', memoryBytes: roomy },
    { name: 'mixed', ...mixedRequest(dual, seed) },
  ];
}

/** How many of the plans are exact: those before `interval`. */
export const exactPlans = 5;

/** Patches wherever they apply, to certify; the rest as by default. */
export const patchesRequest = (dual: DualNetwork): string =>
  dual.bounds
    .filter(bound => takesPatches(bound, dual))
    .map(({ name }) => `certify:${name}=patches`)
    .join(',');

const takesPatches = (bound: Bound, dual: DualNetwork): boolean => whyNot('patches', bound, dual, 'certify') === null;

/** A strategy of its own for every bound. */
function mixedRequest(dual: DualNetwork, seed: number): Omit<PlanRequest, 'name'> {
  const next = seededNumbers(seed + 5);
  const items = dual.bounds.map(bound => {
    const strategies = ['interval', 'backward', 'exact', ...(takesPatches(bound, dual) ? ['patches'] : [])];
    return `certify:${bound.name}=${strategies[Math.floor(strategies.length * next())]}`;
  });
  return { bounds: items.join(','), memoryBytes: next() < 0.5 ? cramped : roomy };
}
