/** Both bounds of the input of a nonlinearity, by each strategy. */
import type { Bound } from '../../3-dual/dual.ts';
import type { SingleStrategy, Strategy } from '../../4-schedule/plan.ts';
import { assertNever, found, invariant } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import { centreOf } from '../lower/centre.ts';
import { boundInterval } from '../lower/interval.ts';
import type { Lowering } from '../lower/lowering.ts';
import type { Norms } from '../lower/norms.ts';
import { halfWidthOf, partOfBounds } from '../lower/outward.ts';
import type { Side } from '../lower/slopes-met.ts';
import type { Met } from '../lower/walk-dual.ts';
import type { BoundValues } from '../relaxation/lines.ts';
import { lowerBackward } from './backward.ts';
import { betterOf } from './best.ts';
import { lowerClosedForm } from './closed-form.ts';
import { lowerPatches } from './patches.ts';
import { sketchedRadius } from './sketch.ts';

export function lowerBounds(lowering: Lowering, bound: Bound, strategy: Strategy): BoundValues {
  if (strategy.kind !== 'best') return around(lowering, bound, reachOf(lowering, bound, strategy), '');
  const parts = strategy.of.map(single => around(lowering, bound, reachOf(lowering, bound, single), `${single.kind} `));
  const { builder: b } = lowering;
  return {
    lower: b.within({ role: 'lower' }, () =>
      betterOf(
        lowering,
        'largest',
        parts.map(({ lower }) => lower),
      ),
    ),
    upper: b.within({ role: 'upper' }, () =>
      betterOf(
        lowering,
        'smallest',
        parts.map(({ upper }) => upper),
      ),
    ),
  };
}

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

function reachOf(lowering: Lowering, bound: Bound, strategy: SingleStrategy): Reach {
  const symmetric = (norms: () => Norms): Reach => {
    const centre = centreOf(lowering, bound.of, 'band');
    const halfWidth = halfWidthOf(lowering, bound, norms(), 'band');
    return { centre, below: halfWidth, above: halfWidth };
  };
  /** A band gives both sides by one walk, two lines need one for each. */
  const walked = (relaxation: Met['relaxation'], walk: (sides: readonly Met[]) => readonly Norms[]): Reach => {
    const from = (...sides: readonly Side[]): readonly Norms[] =>
      walk(sides.map(side => ({ kind: 'relaxation', relaxation, side })));
    switch (relaxation) {
      case 'band':
        return symmetric(() => found(from('lower')[0], 'a side'));
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
  };
  switch (strategy.kind) {
    case 'interval': {
      const { centre, radius } = boundInterval(lowering, bound.of);
      return { centre, below: radius, above: radius };
    }
    case 'closedForm':
      return symmetric(() => lowerClosedForm(lowering, bound));
    case 'patches':
      return walked(strategy.relaxation, sides =>
        lowerPatches(lowering, bound, { positions: strategy.positions, rows: null }, sides),
      );
    case 'backward':
      return walked(strategy.relaxation, sides =>
        lowerBackward(lowering, bound, { chunk: strategy.chunk, rows: null }, sides),
      );
    case 'sketch':
      invariant(lowering.float32 === null, 'a sketch is an estimate: there is nothing that rounding could break');
      return symmetric(() => ({
        value: sketchedRadius(lowering, bound.of, strategy.projections, strategy.estimator),
        roundings: 0,
      }));
    default:
      return assertNever(strategy);
  }
}
