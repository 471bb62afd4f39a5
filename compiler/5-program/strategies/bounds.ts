/** Both bounds of the input of a nonlinearity, by each strategy. */
import type { Bound } from '../../3-dual/dual.ts';
import type { ProbableStrategy, SingleStrategy, SketchStrategy, Strategy, WalkOfRows } from '../../4-schedule/plan.ts';
import { assertNever, found, invariant } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import { batch } from '../dim.ts';
import { centreOf } from '../lower/centre.ts';
import type { WalkingRows } from '../lower/in-chunks.ts';
import { boundInterval } from '../lower/interval.ts';
import { type Lowering, layerOf } from '../lower/lowering.ts';
import type { Norms } from '../lower/norms.ts';
import { halfWidthOf, partOfBounds } from '../lower/outward.ts';
import type { Side } from '../lower/slopes-met.ts';
import type { Met } from '../lower/walk-dual.ts';
import type { BoundValues } from '../relaxation/lines.ts';
import { lowerBackward } from './backward.ts';
import { betterOf } from './best.ts';
import { lowerClosedForm } from './closed-form.ts';
import { lowerPatches } from './patches.ts';
import { lowerProbable } from './probable.ts';
import { sketchedRadius } from './sketch.ts';

export function lowerBounds(lowering: Lowering, bound: Bound, strategy: Strategy): BoundValues {
  if (strategy.kind !== 'best') return boundsBy(lowering, bound, strategy, '');
  return theBetter(
    lowering,
    strategy.of.map(single => boundsBy(lowering, bound, single, `${single.kind} `)),
  );
}

/** `mark` tells its values from those of other strategies. */
function boundsBy(lowering: Lowering, bound: Bound, strategy: SingleStrategy, mark: string): BoundValues {
  return strategy.kind === 'sparse'
    ? sparseBounds(lowering, bound, strategy)
    : around(lowering, bound, reachOf(lowering, bound, strategy), mark);
}

/** Strategies that reach as far as they do from one centre. */
type ReachingStrategy =
  | Extract<SingleStrategy, { kind: 'closedForm' | 'interval' }>
  | SketchStrategy
  | ProbableStrategy
  | WalkOfRows;

/** How far a bound reaches from a centre: one half width for both sides, or one for each. */
interface Reach {
  readonly centre: ValueId;
  readonly below: ValueId;
  readonly above: ValueId;
}

function around({ builder: b }: Lowering, bound: Bound, { centre, below, above }: Reach, mark: string): BoundValues {
  return b.within({ part: partOfBounds(bound) }, () => {
    const lower = b.within({ role: `${mark}lower` }, () => b.binary('sub', centre, below));
    const upper = b.within({ role: `${mark}upper` }, () => b.binary('add', centre, above));
    return { lower, upper };
  });
}

/**
 * Intervals first. They prove on which side of the kink most neurons of a trained network lie; there every line is the nonlinearity itself,
 * so that nothing tighter is needed. Rows of the others walk, and these get the better of both bounds.
 */
function sparseBounds(
  lowering: Lowering,
  bound: Bound,
  { rows, size, atMost }: Extract<SingleStrategy, { kind: 'sparse' }>,
): BoundValues {
  const { builder: b } = lowering;
  const intervals = around(lowering, bound, reachOf(lowering, bound, { kind: 'interval' }), 'interval ');
  const where = b.within({ part: `undecided of ${bound.name}` }, () => whereUndecided(b, intervals));
  const asked = b.reshape(where.undecided, [batch, bound.rowCount]);
  const reach = walkedReach(lowering, bound, rows, (all, sides) => {
    const some = all({ kind: 'asked', asked, size, atMost }, sides);
    const others = all({ kind: 'unlessAsked', asked, size: sizeOfChunk(lowering, bound, rows), atMost }, sides);
    return some.map((norms, side) => {
      const rest = found(others[side], 'a side');
      return {
        value: b.within({ role: 'reach' }, () => b.binary('add', norms.value, rest.value)),
        roundings: Math.max(norms.roundings, rest.roundings),
      };
    });
  });
  const walked = around(lowering, bound, reach, `${rows.kind} `);
  return b.within({ part: `better bounds of ${bound.name}` }, () =>
    theBetter(lowering, [intervals, whereWalked(b, walked, intervals, where)]),
  );
}

interface Where {
  /** 1 where an interval holds numbers on both sides of 0, else 0. */
  readonly undecided: ValueId;
  /** 1 where it does not, else 0. */
  readonly decided: ValueId;
}

function whereUndecided(b: ProgramBuilder, { lower, upper }: BoundValues): Where {
  const undecided = b.within({ role: 'undecided' }, () =>
    b.binary('mul', b.unary('step', upper), b.unary('step', b.unary('neg', lower))),
  );
  const decided = b.within({ role: 'decided' }, () => b.binary('sub', b.constant(1), undecided));
  return { undecided, decided };
}

/** The bounds of rows that walked; where none did, the interval, since what they are made of there is no bound. Times 1 or 0: nothing is rounded. */
function whereWalked(b: ProgramBuilder, walked: BoundValues, intervals: BoundValues, where: Where): BoundValues {
  const chosen = (one: ValueId, other: ValueId): ValueId =>
    b.binary('add', b.binary('mul', one, where.undecided), b.binary('mul', other, where.decided));
  return {
    lower: b.within({ role: 'lower' }, () => chosen(walked.lower, intervals.lower)),
    upper: b.within({ role: 'upper' }, () => chosen(walked.upper, intervals.upper)),
  };
}

function theBetter(lowering: Lowering, parts: readonly BoundValues[]): BoundValues {
  const { builder: b } = lowering;
  const lowest = (): ValueId =>
    betterOf(
      lowering,
      'largest',
      parts.map(({ lower }) => lower),
    );
  const highest = (): ValueId =>
    betterOf(
      lowering,
      'smallest',
      parts.map(({ upper }) => upper),
    );
  return { lower: b.within({ role: 'lower' }, lowest), upper: b.within({ role: 'upper' }, highest) };
}

const sizeOfChunk = (lowering: Lowering, bound: Bound, rows: WalkOfRows): number =>
  rows.kind === 'backward' ? rows.chunk : rows.positions * found(layerOf(lowering, bound.of).shape.at(-1), 'channels');

type Walk = (walking: WalkingRows, sides: readonly Met[]) => readonly Norms[];

/** What rows reach: a band gives both sides by one walk, two lines need one for each. `walks` says which rows walk. */
function walkedReach(
  lowering: Lowering,
  bound: Bound,
  rows: WalkOfRows,
  walks: (walk: Walk, sides: readonly Met[]) => readonly Norms[],
): Reach {
  const { relaxation } = rows;
  const walk: Walk = (walking, sides) =>
    rows.kind === 'backward'
      ? lowerBackward(lowering, bound, walking, sides)
      : lowerPatches(lowering, bound, walking, sides);
  const from = (...sides: readonly Side[]): readonly Norms[] =>
    walks(
      walk,
      sides.map(side => ({ kind: 'relaxation', relaxation, side })),
    );
  switch (relaxation) {
    case 'band':
      return symmetric(lowering, bound, () => found(from('lower')[0], 'a side'));
    case 'crown': {
      const centre = centreOf(lowering, bound.of, relaxation);
      const { builder: b } = lowering;
      // Side by side, so that both share what rows meet before the first nonlinearity, in one loop if there is one.
      const [lower, upper] = from('lower', 'upper');
      const halfWidth = (role: string, norms: Norms | undefined): ValueId =>
        b.within({ role }, () => halfWidthOf(lowering, bound, found(norms, 'a side'), relaxation));
      return {
        centre,
        below: halfWidth('half width below', lower),
        above: halfWidth('half width above', upper),
      };
    }
    default:
      return assertNever(relaxation);
  }
}

function symmetric(lowering: Lowering, bound: Bound, norms: () => Norms): Reach {
  const centre = centreOf(lowering, bound.of, 'band');
  const halfWidth = halfWidthOf(lowering, bound, norms(), 'band');
  return { centre, below: halfWidth, above: halfWidth };
}

function reachOf(lowering: Lowering, bound: Bound, strategy: ReachingStrategy): Reach {
  switch (strategy.kind) {
    case 'interval': {
      const { centre, radius } = boundInterval(lowering, bound.of);
      return { centre, below: radius, above: radius };
    }
    case 'closedForm':
      return symmetric(lowering, bound, () => lowerClosedForm(lowering, bound));
    case 'patches':
    case 'backward': {
      const size = sizeOfChunk(lowering, bound, strategy);
      return walkedReach(lowering, bound, strategy, (walk, sides) => walk({ kind: 'all', size }, sides));
    }
    case 'probable':
      return symmetric(lowering, bound, () => lowerProbable(lowering, bound, strategy));
    case 'sketch':
    case 'perLayerSketch':
      invariant(lowering.float32 === null, 'a sketch is an estimate: there is nothing that rounding could break');
      return symmetric(lowering, bound, () => ({
        value: sketchedRadius(lowering, bound.of, strategy),
        roundings: 0,
      }));
    default:
      return assertNever(strategy);
  }
}
