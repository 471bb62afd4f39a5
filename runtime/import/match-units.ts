/** Matches the layers of a checkpoint to those of a network by order and shape. */

/** A layer, of the file or of the network: the shapes of its tensors by last name, `weight` and `bias`. */
export interface Unit {
  readonly name: string;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

export interface UnitMatches {
  /** Pairs of a unit of the file and one of the network that have equal shapes. */
  readonly pairs: readonly (readonly [Unit, Unit])[];
  /** Units of equal shapes whose order decides nothing. */
  readonly ambiguous: readonly { readonly from: readonly Unit[]; readonly to: readonly Unit[] }[];
  readonly unmatchedFrom: readonly Unit[];
  readonly unmatchedTo: readonly Unit[];
}

/**
 * With an order that means something (`ordered`, or names that are indices, as `Sequential` gives them) and equal shapes
 * all along, the i-th unit of the file is the i-th of the network; where shapes differ that no other order would mend, both
 * stay unmatched. Otherwise a unit is matched when no other has its shapes.
 */
export function matchUnits(from: readonly Unit[], to: readonly Unit[], ordered: boolean): UnitMatches {
  const indexed = from.length > 0 && from.every(({ name }) => /^\d+(\.\d+)*$/.test(name));
  const inOrder = indexed ? from.toSorted(byIndex) : from;
  const same = inOrder.map((unit, at) => to[at] !== undefined && signature(unit) === signature(to[at]));
  if ((ordered || indexed) && from.length === to.length && (!same.includes(false) || !sameSets(from, to))) {
    return {
      pairs: inOrder.map((unit, at) => [unit, to[at]!] as const).filter((_, at) => same[at]),
      ambiguous: [],
      unmatchedFrom: inOrder.filter((_, at) => !same[at]),
      unmatchedTo: to.filter((_, at) => !same[at]),
    };
  }
  const pairs: [Unit, Unit][] = [];
  const ambiguous: { from: Unit[]; to: Unit[] }[] = [];
  const unmatchedFrom: Unit[] = [];
  const unmatchedTo: Unit[] = [];
  for (const key of new Set([...inOrder, ...to].map(signature))) {
    const have = inOrder.filter(unit => signature(unit) === key);
    const want = to.filter(unit => signature(unit) === key);
    if (have.length === 1 && want.length === 1) pairs.push([have[0]!, want[0]!]);
    else if (have.length === 0 || want.length === 0) {
      unmatchedFrom.push(...have);
      unmatchedTo.push(...want);
    } else ambiguous.push({ from: have, to: want });
  }
  return { pairs, ambiguous, unmatchedFrom, unmatchedTo };
}

/** Whether the units of one side are those of the other in some order. */
const sameSets = (from: readonly Unit[], to: readonly Unit[]): boolean =>
  from.map(signature).sort().join(';') === to.map(signature).sort().join(';');

/** `bias [10], weight [10, 100]`: equal for units that cannot be told apart. */
export const signature = ({ shapes }: Unit): string =>
  [...shapes]
    .map(([leaf, shape]) => `${leaf} [${shape.join(', ')}]`.trim())
    .sort()
    .join(', ');

/** 2 before 10, 1.0 before 1.2. */
function byIndex(a: Unit, b: Unit): number {
  const [left, right] = [a.name.split('.').map(Number), b.name.split('.').map(Number)];
  const differing = left.findIndex((index, at) => index !== right[at]);
  return differing < 0 ? left.length - right.length : left[differing]! - (right[differing] ?? -1);
}
