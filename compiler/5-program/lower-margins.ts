/** A plan and a dual network → the program that computes every bound and the margins. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { type Plan, type RelaxationKind, relaxationsMet, type Strategy } from '../4-schedule/plan.ts';
import { found } from '../shared/assert.ts';
import { type LayerId, layerId, type ValueId } from '../shared/ids.ts';
import { createBuilder, type ProgramBuilder } from './builder.ts';
import { lowerBall } from './lower/ball.ts';
import { centreOf } from './lower/centre.ts';
import { boundsOf, type Lowering, layerOf, originOf, startLowering } from './lower/lowering.ts';
import { owedAt } from './lower/outward.ts';
import { nonlinearityAt } from './lower/walk-dual.ts';
import { isAroundCentre, type OutwardTerms, type RelaxationInput, relax } from './relaxation/relaxation.ts';
import { lowerBounds } from './strategies/bounds.ts';
import { lowerMarginRows } from './strategies/margins.ts';
import type { TensorProgram } from './tensor-program.ts';

export interface LoweredMargins {
  /** `J`, `[batch, classes]`. */
  readonly margins: ValueId;
  /** `bounds.<nonlinearity>.lower` and `.upper`. */
  readonly bounds: Readonly<Record<string, ValueId>>;
}

export function lowerMargins(builder: ProgramBuilder, dual: DualNetwork, plan: Plan): LoweredMargins {
  const lowering = startLowering(builder, dual, plan.arithmetic);
  lowerBall(lowering);
  const strategies = new Map(plan.choices.map(({ bound, strategy }) => [bound, strategy]));
  const strategyOf = ({ name }: Bound): Strategy => found(strategies.get(name), `choice for ${name}`);
  const relaxations = new Set(plan.choices.flatMap(({ strategy }) => relaxationsMet(strategy)));
  for (const bound of dual.bounds) {
    if (bound.rows === 'identity') lowerBound(lowering, bound, strategyOf(bound), relaxations);
  }
  const last = found(dual.bounds.at(-1), 'the bound of the margins');
  const margins = builder.within(
    { section: 'margins', layer: null, role: 'margins', span: layerOf(lowering, last.of).span },
    () => lowerMarginRows(lowering, last, strategyOf(last)),
  );
  const bounds: Record<string, ValueId> = {};
  for (const [layer, name] of dual.boundOfNonlinearity) {
    const { lower, upper } = found(lowering.bounds.get(name), `bounds of ${name}`);
    bounds[`bounds.${layer}.lower`] = lower;
    bounds[`bounds.${layer}.upper`] = upper;
  }
  return { margins, bounds };
}

/** The program behind `bounds` and `margins` of an emitted module. */
export function lowerCertificate(dual: DualNetwork, plan: Plan): TensorProgram {
  const builder = createBuilder();
  const { margins, bounds } = lowerMargins(builder, dual, plan);
  return builder.finish('certificate', { margins, ...bounds });
}

/** The bounds of a layer, and the relaxations of the nonlinearities that read it: those that some row of the plan meets. */
function lowerBound(
  lowering: Lowering,
  bound: Bound,
  strategy: Strategy,
  relaxations: ReadonlySet<RelaxationKind>,
): void {
  const { builder: b, dual } = lowering;
  const first = layerOf(lowering, layerId(bound.name));
  b.within({ section: `bounds:${bound.name}`, ...originOf(first, 'bounds') }, () => {
    lowering.bounds.set(bound.name, lowerBounds(lowering, bound, strategy));
    const readers = [...dual.boundOfNonlinearity].flatMap(([layer, name]) => (name === bound.name ? layer : []));
    for (const reader of readers) lowerRelaxations(lowering, bound, reader, [...relaxations]);
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
