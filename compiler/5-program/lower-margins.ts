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
import { relax } from './relaxation/relaxation.ts';
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
  const readers = new Map<string, LayerId[]>();
  for (const [layer, bound] of dual.boundOfNonlinearity) {
    const known = readers.get(bound);
    if (known === undefined) readers.set(bound, [layer]);
    else known.push(layer);
  }
  for (const bound of dual.bounds) {
    if (bound.rows !== 'identity') continue;
    const nonlinearities = found(readers.get(bound.name), `nonlinearities behind ${bound.name}`);
    lowerBound(lowering, bound, strategyOf(bound), { nonlinearities, relaxations });
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

interface Readers {
  readonly nonlinearities: readonly LayerId[];
  readonly relaxations: ReadonlySet<RelaxationKind>;
}

/** The bounds of a layer, and the relaxations of the nonlinearities that read it: those that some row of the plan meets. */
function lowerBound(lowering: Lowering, bound: Bound, strategy: Strategy, readers: Readers): void {
  const { builder: b } = lowering;
  const first = layerOf(lowering, layerId(bound.name));
  b.within({ section: `bounds:${bound.name}`, ...originOf(first, 'bounds') }, () => {
    lowering.bounds.set(bound.name, lowerBounds(lowering, bound, strategy));
    for (const reader of readers.nonlinearities)
      for (const kind of readers.relaxations) lowerRelaxation(lowering, bound, reader, kind);
  });
}

function lowerRelaxation(lowering: Lowering, bound: Bound, reader: LayerId, kind: RelaxationKind): void {
  const { builder: b, float32 } = lowering;
  const layer = nonlinearityAt(lowering, reader);
  const relaxation = b.within(originOf(layer, kind), () =>
    relax(b, {
      layer,
      kind,
      bounds: boundsOf(lowering, layer),
      centre: () => centreOf(lowering, bound.of, kind),
      outward:
        float32 === null
          ? null
          : { owed: owedAt(lowering, float32, bound.of, kind), roundings: float32.terms(reader).forward },
    }),
  );
  lowering.relaxations[kind].set(reader, relaxation);
}
