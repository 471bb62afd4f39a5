/** One bound of a program, whatever its strategy, and what its readers make of it. */
import type { Bound } from '../3-dual/dual.ts';
import type { RelaxationKind, Strategy } from '../4-schedule/plan.ts';
import { type LayerId, layerId } from '../shared/ids.ts';
import { centreOf } from './lower/centre.ts';
import { boundsOf, type Lowering, layerOf, nonlinearityAt, originOf } from './lower/lowering.ts';
import { owedAt } from './lower/outward.ts';
import { isAroundCentre, type OutwardTerms, type RelaxationInput, relax } from './relaxation/relaxation.ts';
import { lowerBounds } from './strategies/bounds.ts';

/** The bounds of a layer, and the relaxations of the nonlinearities that read it: those that some row of the plan meets. */
export function lowerBound(
  lowering: Lowering,
  bound: Bound,
  strategy: Strategy,
  relaxations: ReadonlySet<RelaxationKind>,
): void {
  const { builder: b, readers } = lowering;
  const first = layerOf(lowering, layerId(bound.name));
  b.within({ section: `bounds:${bound.name}`, ...originOf(first, 'bounds') }, () => {
    lowering.bounds.set(bound.name, lowerBounds(lowering, bound, strategy));
    for (const reader of readers.get(bound.name) ?? []) lowerRelaxations(lowering, bound, reader, [...relaxations]);
  });
}

function lowerRelaxations(lowering: Lowering, bound: Bound, reader: LayerId, kinds: readonly RelaxationKind[]): void {
  const { builder: b, float32 } = lowering;
  const layer = nonlinearityAt(lowering, reader);
  const owedTo = (kind: RelaxationKind): OutwardTerms | null =>
    float32 === null
      ? null
      : { owed: owedAt(lowering, float32, bound.of, kind), roundings: float32.terms(reader).forward };
  // What they are made of comes before them, so that a relaxation reads alike at every nonlinearity.
  const inputs = b.within(originOf(layer, 'bounds'), () =>
    kinds.map((kind): RelaxationInput => {
      const centre = isAroundCentre[kind] ? centreOf(lowering, bound.of, kind) : null;
      return { layer, kind, bounds: boundsOf(lowering, layer), centre, outward: owedTo(kind) };
    }),
  );
  b.within({ part: `${kinds.join(' and ')} of ${reader}` }, () => {
    for (const input of inputs) {
      const relaxation = b.within(originOf(layer, input.kind), () => relax(b, input));
      lowering.relaxations[input.kind].set(reader, relaxation);
    }
  });
}
