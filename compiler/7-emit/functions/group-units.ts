/** Units that are one function: their trees differ only in what can be a parameter. */
import { found } from '../../shared/assert.ts';
import { type Match, matchTrees } from './match-trees.ts';
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

/** In the order of the first members. `keyOf` keeps units apart that read better as functions of their own. */
export function groupUnits(
  units: readonly UnitTree[],
  keyOf: (unit: UnitTree) => string,
  wordsOf: (group: number) => readonly string[],
): Grouping {
  const groups: { members: UnitTree[]; match: Match }[] = [];
  const places = new Map<UnitTree, { readonly group: number; readonly member: number }>();
  const candidates = new Map<string, number[]>();
  for (const unit of units) {
    const key = `${unit.locals.map(({ op }) => op.kind).join()} ${keyOf(unit)}`;
    const alike = candidates.get(key) ?? [];
    candidates.set(key, alike);
    const joined = alike.find(number => join(found(groups[number], 'a group'), unit));
    const number = joined ?? groups.push(alone(unit)) - 1;
    if (joined === undefined) alike.push(number);
    places.set(unit, { group: number, member: found(groups[number], 'a group').members.length - 1 });
  }
  return { groups, placeOf: unit => found(places.get(unit), `group of ${unit.name}`) };

  function alone(unit: UnitTree): { members: UnitTree[]; match: Match } {
    return { members: [unit], match: found(matchTrees([unit], wordsOf) ?? undefined, 'a tree that is itself') };
  }

  function join(group: { members: UnitTree[]; match: Match }, unit: UnitTree): boolean {
    const match = matchTrees([...group.members, unit], wordsOf);
    if (match === null || !(unit.kind === 'part' || isWorthwhile(match))) return false;
    group.members.push(unit);
    group.match = match;
    return true;
  }
}

/** A function of a few lines with as many numbers to be told is no shorter than its lines. */
const isWorthwhile = ({ body, slots }: Match): boolean =>
  slots.filter(({ type }) => type !== 'tensor').length <=
  Math.max(4, body.filter(({ kind }) => kind === 'const').length);
