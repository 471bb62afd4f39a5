/** A plan and a dual network → the program that computes every bound and the margins. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import type { Plan, Strategy } from '../4-schedule/plan.ts';
import { assertNever, found, invariant } from '../shared/assert.ts';
import { type LayerId, layerId, type ValueId } from '../shared/ids.ts';
import { sizeOf } from '../shared/shape.ts';
import { createBuilder, type ProgramBuilder } from './builder.ts';
import { batch, timesDim } from './dim.ts';
import { lowerBackward } from './lower/backward.ts';
import { lowerBall } from './lower/ball.ts';

import { reluBand, reluBandOutward } from './lower/band.ts';
import { centreOf } from './lower/centre.ts';
import { lowerClosedForm } from './lower/closed-form.ts';
import { boundInterval, intervalOf } from './lower/interval.ts';
import {
  type BallValues,
  type BandValues,
  type CentreKind,
  type Lowering,
  layerOf,
  originOf,
  stack,
  startLowering,
} from './lower/lowering.ts';
import type { Norms } from './lower/norms.ts';
import { halfWidthOf, inflatedNorms, owedAt } from './lower/outward.ts';
import { lowerPatches } from './lower/patches.ts';
import { sketchedRadius } from './lower/sketch.ts';
import { perExample, underflowOf } from './lower/underflow.ts';
import { walkDual } from './lower/walk-dual.ts';
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
  for (const bound of dual.bounds) {
    if (bound.rows === 'identity') lowerBound(lowering, bound, strategyOf(bound));
  }
  const last = found(dual.bounds.at(-1), 'the bound of the margins');
  const margins = builder.within(
    { section: 'margins', layer: null, role: 'margins', span: layerOf(lowering, last.of).span },
    () => lowerOutput(lowering, last, strategyOf(last)),
  );
  const bounds: Record<string, ValueId> = {};
  for (const [relu, name] of dual.boundOfNonlinearity) {
    const { lower, upper } = found(lowering.bounds.get(name), `bounds of ${name}`);
    bounds[`bounds.${relu}.lower`] = lower;
    bounds[`bounds.${relu}.upper`] = upper;
  }
  return { margins, bounds };
}

/** The program behind `bounds` and `margins` of an emitted module. */
export function lowerCertificate(dual: DualNetwork, plan: Plan): TensorProgram {
  const builder = createBuilder();
  const { margins, bounds } = lowerMargins(builder, dual, plan);
  return builder.finish('certificate', { margins, ...bounds });
}

function lowerBound(lowering: Lowering, bound: Bound, strategy: Strategy): void {
  const { builder: b } = lowering;
  const relu = layerOf(lowering, layerId(bound.name));
  b.within({ section: `bounds:${bound.name}`, ...originOf(relu, 'bounds') }, () => {
    const { centre, radius } = centreAndHalfWidth(lowering, bound, strategy);
    const lower = b.within({ role: 'lower' }, () => b.binary('sub', centre, radius));
    const upper = b.within({ role: 'upper' }, () => b.binary('add', centre, radius));
    lowering.bounds.set(bound.name, { lower, upper });
    lowering.bands.set(bound.name, bandFor(lowering, bound));
  });
}

function bandFor(lowering: Lowering, bound: Bound): BandValues {
  const { builder: b, float32 } = lowering;
  const bounds = found(lowering.bounds.get(bound.name), `bounds of ${bound.name}`);
  return float32 === null
    ? reluBand(b, bounds)
    : reluBandOutward(b, bounds, owedAt(lowering, float32, bound.of, 'dual'));
}

function centreAndHalfWidth(lowering: Lowering, bound: Bound, strategy: Strategy): BallValues {
  const around = (norms: () => Norms): BallValues => {
    const centre = centreOf(lowering, bound.of);
    return { centre, radius: halfWidthOf(lowering, bound.of, norms()) };
  };
  switch (strategy.kind) {
    case 'interval':
      return boundInterval(lowering, bound.of);
    case 'closedForm':
      return around(() => lowerClosedForm(lowering, bound));
    case 'patches':
      return around(() => lowerPatches(lowering, bound, strategy.positions));
    case 'backward':
      return around(() => lowerBackward(lowering, bound, strategy.chunk));
    case 'sketch':
      invariant(lowering.float32 === null, 'a sketch is an estimate: there is nothing that rounding could break');
      return around(() => ({
        value: sketchedRadius(lowering, bound.of, strategy.projections, strategy.estimator),
        roundings: 0,
      }));
    default:
      return assertNever(strategy);
  }
}

/**
 * `J_t = c_y − c_t − norms(e_y − e_t)`. Interval: the rows walk to the nearest nonlinearities only, and `c` is the centre of
 * the interval; otherwise they walk to the input. The row `t = y` is zero, and so is its margin.
 */
function lowerOutput(lowering: Lowering, bound: Bound, strategy: Strategy): ValueId {
  const { builder: b } = lowering;
  const { shape } = layerOf(lowering, bound.of);
  const classes = sizeOf(shape);
  const labels = b.source({ kind: 'input', name: 'labels', shape: [batch] });
  const isInterval = strategy.kind === 'interval';
  const centre = isInterval ? intervalOf(lowering, bound.of).centre : centreOf(lowering, bound.of);
  const label = b.within({ role: 'label row' }, () => b.append({ kind: 'oneHot', depth: classes }, [labels]));
  const gap = b.within({ role: 'centre gap' }, () => {
    const ofLabel = b.sum(b.binary('mul', centre, label), [1], true);
    return b.binary('sub', ofLabel, centre);
  });
  const rows = b.within({ role: 'rows' }, () => {
    const identity = b.append({ kind: 'unitRows', rows: classes, size: classes, shape: [classes] });
    const differences = b.binary(
      'sub',
      b.reshape(label, [batch, 1, classes]),
      b.reshape(identity, [1, classes, classes]),
    );
    return b.reshape(differences, stack(timesDim(batch, classes), shape));
  });
  const norms = walkDual(
    lowering,
    bound,
    { value: rows, perExample: true },
    { rows: classes, atNonlinearity: isInterval ? relu => intervalOf(lowering, relu) : 'band' },
  );
  const radius = marginRadius(lowering, bound.of, norms, label, isInterval ? 'interval' : 'dual');
  return b.within({ role: 'margins' }, () => b.binary('sub', gap, radius));
}

/** What is taken off the gap, `[batch, classes]`. In float32 also what the rows `e_y − e_t` owe at both entries; nothing for `t = y`. */
function marginRadius(lowering: Lowering, id: LayerId, norms: Norms, label: ValueId, around: CentreKind): ValueId {
  const { builder: b, float32 } = lowering;
  if (float32 === null) return norms.value;
  const inflated = inflatedNorms(lowering, norms);
  const owed = owedAt(lowering, float32, id, around);
  const underflow = underflowOf(lowering, float32, around);
  return b.within({ role: 'margin radius' }, () => {
    const ofLabel = b.within({ role: 'rounding of label' }, () => b.sum(b.binary('mul', owed, label), [1], true));
    const ofBoth = b.binary('add', owed, b.binary('add', ofLabel, perExample(lowering, underflow, b.shapeOf(owed))));
    const others = b.within({ role: 'other rows' }, () => b.binary('sub', b.constant(1), label));
    return b.binary('mul', b.binary('add', inflated, ofBoth), others);
  });
}
