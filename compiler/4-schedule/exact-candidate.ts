/** Of the strategies that all give the tightest bound: the cheapest. */
import { found } from '../shared/assert.ts';
import type { SingleCandidate } from './candidate.ts';
import type { RelaxationKind, StrategyKind } from './plan.ts';
import { ratio } from './prices.ts';

export interface Weighing {
  /** With as many rows at a time as memory has room for. */
  readonly fitting: Weigh;
  /** With all rows at once, room for them or not: no other number of them takes less time or fewer multiply-adds, and to know that takes one weighing. */
  readonly atOnce: Weigh;
}

/** Undefined when the strategy does not apply, or rows would meet no lines but those of the band. */
export type Weigh = (kind: StrategyKind, relaxation: RelaxationKind) => SingleCandidate | undefined;

export function cheapestExact(
  { fitting, atOnce }: Weighing,
  relaxation: RelaxationKind,
): { readonly chosen: SingleCandidate; readonly why: string } {
  const closed = fitting('closedForm', 'band');
  if (closed !== undefined) return { chosen: closed, why: 'one matrix from the input: exact, no row has to walk' };
  // Without a nonlinearity on the way there are no lines to choose.
  const meets = atOnce('backward', relaxation) === undefined ? 'band' : relaxation;
  const overMaps = (weigh: Weigh): SingleCandidate => found(weigh('backward', meets), 'backward, which always applies');
  const patches = fitting('patches', meets);
  if (patches === undefined) return { chosen: overMaps(fitting), why: 'the tightest deterministic bound of these' };
  for (const weigh of [atOnce, fitting]) {
    const rows = overMaps(weigh);
    if (patches.milliseconds < rows.milliseconds)
      return { chosen: patches, why: `exact; ${ratio(rows, patches)} cheaper than rows over whole maps` };
  }
  return { chosen: overMaps(fitting), why: 'exact; rows over whole maps cost no more than windows' };
}

/** That no exact strategy takes fewer of. */
export function fewestExactMacs({ atOnce }: Weighing): number {
  const kinds = ['closedForm', 'patches', 'backward'] as const;
  return Math.min(...kinds.flatMap(kind => atOnce(kind, 'band')?.macs ?? []));
}
