/** A plan and a dual network → the program that computes every bound and the margins. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { type Plan, relaxationsMet, type Strategy } from '../4-schedule/plan.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import { createBuilder, type ProgramBuilder } from './builder.ts';
import { lowerBall } from './lower/ball.ts';
import { layerOf, startLowering } from './lower/lowering.ts';
import { lowerBound } from './lower-bound.ts';
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
    { section: 'margins', layer: null, role: 'least margins', span: layerOf(lowering, last.of).span },
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
