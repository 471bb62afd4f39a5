/** What a bound could be computed by instead, best first, and why it was not taken. */
import type { Bound } from '../3-dual/dual.ts';
import type { Candidate, SingleCandidate } from './candidate.ts';
import type { Weigh } from './exact-candidate.ts';
import {
  type Alternative,
  isSketch,
  type RelaxationKind,
  relaxationsMet,
  type SingleStrategy,
  type Strategy,
  type StrategyKind,
  singlesOf,
} from './plan.ts';
import { comparedTo } from './prices.ts';

/** All that apply and are not part of what was chosen. */
export function alternativesTo(chosen: Candidate, weigh: Weigh, bound: Bound): Alternative[] {
  const taken = new Set(singlesOf(chosen.strategy).map(familyOf));
  return strategyKinds
    .flatMap(kind => relaxations.flatMap(relaxation => weigh(kind, relaxation) ?? []))
    .filter(candidate => !taken.has(familyOf(candidate.strategy)))
    .toSorted((a, b) => rank(a) - rank(b) || a.milliseconds - b.milliseconds)
    .map((candidate): Alternative => ({ ...candidate, why: against(candidate, chosen, bound) }));
}

/** A strategy without its sizes. */
export const familyOf = (strategy: SingleStrategy): string => [strategy.kind, ...relaxationsMet(strategy)].join('/');

const strategyKinds: readonly StrategyKind[] = [
  'closedForm',
  'sparse',
  'patches',
  'backward',
  'interval',
  'sketch',
  'perLayerSketch',
  'probable',
];
const relaxations: readonly RelaxationKind[] = ['band', 'crown'];

/** The tightest deterministic bounds stand before the loose and the estimated. */
const rank = ({ strategy }: Candidate): number => (isExact(strategy) ? 0 : 1);
const isExact = (strategy: Strategy): boolean =>
  singlesOf(strategy).some(single => single.kind !== 'interval' && single.kind !== 'probable' && !isSketch(single));

function against(candidate: SingleCandidate, chosen: Candidate, bound: Bound): string {
  const walks = bound.rows === 'margins' ? 'one walk for the one side' : 'a walk for each side';
  const price = comparedTo(candidate, chosen);
  if (relaxationsMet(candidate.strategy).includes('crown'))
    return `neither band nor CROWN is always the tighter, ${walks}; ${price}`;
  if (candidate.strategy.kind === 'interval') return `not comparable in tightness, mostly looser; ${price}`;
  if (candidate.strategy.kind === 'probable') return `holds with a probability, and is looser; ${price}`;
  if (isSketch(candidate.strategy)) return `an estimate; ${price}`;
  return isExact(chosen.strategy) ? price : `exact; ${price}`;
}
