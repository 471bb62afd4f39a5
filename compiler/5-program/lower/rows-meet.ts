/** What the groups of rows of a walk meet: what their examples have, or where rows are of any examples, what is picked for each of them. */
import type { NonlinearityLayer } from '../../2-graph/roles.ts';
import type { Bound } from '../../3-dual/dual.ts';
import type { RelaxationKind } from '../../4-schedule/plan.ts';
import { found, invariant } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import type { Relaxation } from '../relaxation/relaxation.ts';
import { radiusAt } from './ball.ts';
import { type Lowering, layerOf, nonlinearityAt, originOf, relaxationOf } from './lowering.ts';

export interface RowsMeet {
  readonly relaxationAt: (layer: NonlinearityLayer, kind: RelaxationKind) => Relaxation;
  /** The ball's radius where its norm is taken, for ℓ∞. */
  readonly radiusAt: (at: LayerId) => ValueId;
}

/** @param indices of rows of any examples: those walk to the ball, past `met` on their way */
export function whatRowsMeet(
  lowering: Lowering,
  bound: Bound,
  indices: ValueId | null,
  met: { readonly kind: 'interval' } | { readonly kind: 'relaxation'; readonly relaxation: RelaxationKind },
): RowsMeet {
  if (indices === null)
    return {
      relaxationAt: (layer, kind) => relaxationOf(lowering, kind, layer),
      radiusAt: at => radiusAt(lowering, at),
    };
  invariant(met.kind === 'relaxation', 'rows of any examples walk to the ball');
  return picked(lowering, bound, indices, met.relaxation);
}

/** All of it before the walk starts: so the parts of a walk read what is picked as they read what all rows meet. */
function picked(lowering: Lowering, bound: Bound, indices: ValueId, kind: RelaxationKind): RowsMeet {
  const { builder: b, dual } = lowering;
  const pick = (at: LayerId, role: string, ofExamples: ValueId): ValueId =>
    b.within(originOf(layerOf(lowering, at), role), () =>
      b.append({ kind: 'examplesAt', rows: bound.rowCount }, [ofExamples, indices]),
    );
  const relaxations = new Map<LayerId, Relaxation>();
  const radii = new Map<LayerId, ValueId>();
  for (const { kind: step, of } of bound.walk) {
    if (step === 'relax')
      relaxations.set(
        of,
        ownLines(relaxationOf(lowering, kind, nonlinearityAt(lowering, of)), (role, value) => pick(of, role, value)),
      );
    if (step === 'ball' && dual.graph.ball.norm === 'linf')
      radii.set(of, pick(of, 'own radius', radiusAt(lowering, of)));
  }
  return {
    relaxationAt: ({ id }) => found(relaxations.get(id), `relaxation of ${id} for each row`),
    radiusAt: at => found(radii.get(at), `radius at ${at} for each row`),
  };
}

/** Rows read slopes and radius; offset and centre are not theirs. */
function ownLines(relaxation: Relaxation, pick: (role: string, value: ValueId) => ValueId): Relaxation {
  const radius = pick('own radius', relaxation.radius);
  if (relaxation.form === 'band') return { ...relaxation, radius, slope: pick('own slope', relaxation.slope) };
  return {
    ...relaxation,
    radius,
    lowerSlope: pick('own lower slope', relaxation.lowerSlope),
    upperSlope: pick('own upper slope', relaxation.upperSlope),
  };
}
