/** Units that are one function: their trees differ only in what can be a parameter. */

import { addTo } from '../../shared/add-to.ts';
import { found } from '../../shared/assert.ts';
import { type Match, matchTrees } from './match-trees.ts';
import { skeletonOf } from './skeleton.ts';
import type { UnitTree } from './unit.ts';

export interface Group {
  readonly members: readonly UnitTree[];
  readonly match: Match;
}

export interface Grouping {
  readonly groups: readonly Group[];
  /** The number of a unit's group, and its place in it. */
  readonly placeOf: (unit: UnitTree) => { readonly group: number; readonly member: number };
}

/** `wordsOf` says what the slots of a function are called that the units call. */
export function groupUnits(units: readonly UnitTree[], wordsOf: (group: number) => readonly string[]): Grouping {
  const groups: { members: UnitTree[]; match: Match }[] = [];
  const places = new Map<UnitTree, { readonly group: number; readonly member: number }>();
  const candidates = new Map<string, UnitTree[]>();
  for (const unit of units) addTo(candidates, skeletonOf(unit), unit);
  for (const alike of candidates.values()) {
    const match = matchTrees(alike, wordsOf);
    if (match !== null && isOne(alike, match)) groups.push({ members: alike, match });
    else groups.push(...alike.map(alone));
  }
  for (const [group, { members }] of groups.entries())
    for (const [member, unit] of members.entries()) places.set(unit, { group, member });
  return { groups, placeOf: unit => found(places.get(unit), `group of ${unit.name}`) };

  function isOne([first, ...others]: readonly UnitTree[], match: Match): boolean {
    return others.length === 0 || first?.kind === 'part' || isWorthwhile(match);
  }

  function alone(unit: UnitTree): { members: UnitTree[]; match: Match } {
    return { members: [unit], match: found(matchTrees([unit], wordsOf) ?? undefined, 'a tree that is itself') };
  }
}

/** A function of a few lines with as many numbers to be told is no shorter than its lines. */
const isWorthwhile = ({ body, slots }: Match): boolean =>
  slots.filter(({ type }) => type !== 'tensor').length <=
  Math.max(4, body.filter(({ kind }) => kind === 'const').length);
